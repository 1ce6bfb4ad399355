CREATE OR REPLACE VIEW operations_v AS
WITH sums AS (
    SELECT c.operation_id, count(DISTINCT c.campaign_id) AS campaigns, count(*) AS messages,
           min(m.received_at) AS first_seen, max(m.received_at) AS last_seen, count(DISTINCT m.sender) AS senders
    FROM campaigns c
    JOIN memberships b USING (campaign_id)
    JOIN messages m USING (message_key)
    WHERE c.operation_id IS NOT NULL
    GROUP BY c.operation_id
), traits AS (
    SELECT operation_id, string_agg(kind || coalesce(' ' || value, ''), ', ' ORDER BY n) AS top
    FROM operation_traits
    WHERE n < 3
    GROUP BY operation_id
)
SELECT 'o' || s.operation_id AS operation_id, s.campaigns, s.messages, s.first_seen, s.last_seen, s.senders,
       printable(t.top) AS top_traits, o.weakest_bits
FROM sums s
JOIN operations o USING (operation_id)
LEFT JOIN traits t USING (operation_id);

COMMENT ON VIEW operations_v IS 'One row per operation: campaigns with a common sender behind them, as of the last complete run of the correlator.';
COMMENT ON COLUMN operations_v.operation_id IS 'the operation''s id as the command line shows it ("o1"); it stays from run to run';
COMMENT ON COLUMN operations_v.campaigns IS 'campaigns in it (campaigns_v.operation_id)';
COMMENT ON COLUMN operations_v.messages IS 'messages in these';
COMMENT ON COLUMN operations_v.first_seen IS 'when our servers received the first of them; NULL if no message tells';
COMMENT ON COLUMN operations_v.last_seen IS 'when our servers received the last of them; NULL if no message tells';
COMMENT ON COLUMN operations_v.senders IS 'distinct addresses that connected to our servers';
COMMENT ON COLUMN operations_v.top_traits IS 'the three strongest traits that its campaigns share';
COMMENT ON COLUMN operations_v.weakest_bits IS 'bits of the weakest link between two of its campaigns';
