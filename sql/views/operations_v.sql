CREATE OR REPLACE VIEW operations_v AS
WITH sums AS (
    SELECT c.operation_id, count(*) AS campaigns, sum(s.messages)::bigint AS messages, min(s.first_seen) AS first_seen, max(s.last_seen) AS last_seen
    FROM campaigns c
    JOIN campaign_sums s USING (campaign_id)
    WHERE c.operation_id IS NOT NULL
    GROUP BY c.operation_id
), traits AS (
    SELECT operation_id, string_agg(kind || coalesce(' ' || value, ''), ', ' ORDER BY n) AS top
    FROM operation_traits
    WHERE n < 3
    GROUP BY operation_id
)
SELECT 'o' || s.operation_id AS operation_id, s.campaigns, s.messages, s.first_seen, s.last_seen, o.senders,
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
COMMENT ON COLUMN operations_v.senders IS 'distinct addresses that connected to our servers, as of the last run; NULL if none is known';
COMMENT ON COLUMN operations_v.top_traits IS 'the three strongest traits that its campaigns share';
COMMENT ON COLUMN operations_v.weakest_bits IS 'bits of the weakest link between two of its campaigns';
