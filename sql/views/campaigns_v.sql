CREATE OR REPLACE VIEW campaigns_v AS
WITH members AS (
    SELECT b.campaign_id, b.message_key, m.received_at, m.sender, m.subject
    FROM memberships b
    JOIN messages m USING (message_key)
    WHERE b.campaign_id IS NOT NULL
), sums AS (
    SELECT campaign_id, count(*) AS messages, min(received_at) AS first_seen, max(received_at) AS last_seen,
           count(DISTINCT sender) AS senders
    FROM members
    GROUP BY campaign_id
), subjects AS (
    SELECT DISTINCT ON (campaign_id) campaign_id, subject
    FROM (SELECT campaign_id, subject, count(*) AS n FROM members WHERE subject IS NOT NULL GROUP BY campaign_id, subject) s
    ORDER BY campaign_id, n DESC, subject
), domains AS (
    SELECT campaign_id, domain, count(*) AS n,
           row_number() OVER (PARTITION BY campaign_id ORDER BY count(*) DESC, domain) AS rank
    FROM (SELECT DISTINCT b.campaign_id, b.message_key, coalesce(u.domain, u.host) AS domain
          FROM memberships b
          JOIN urls u USING (message_key)
          WHERE b.campaign_id IS NOT NULL AND coalesce(u.domain, u.host) IS NOT NULL) d
    GROUP BY campaign_id, domain
), links AS (
    SELECT campaign_id, string_agg(domain || ' ' || n, ', ' ORDER BY rank) AS top
    FROM domains
    WHERE rank <= 3
    GROUP BY campaign_id
)
SELECT 'c' || s.campaign_id AS campaign_id, s.messages, s.first_seen, s.last_seen, s.senders,
       printable(j.subject) AS top_subject, printable(l.top) AS top_link_domains, c.weakest_bits,
       'o' || c.operation_id AS operation_id, printable(n.name) AS name
FROM sums s
JOIN campaigns c USING (campaign_id)
LEFT JOIN subjects j USING (campaign_id)
LEFT JOIN links l USING (campaign_id)
LEFT JOIN LATERAL (
    SELECT d.value AS name
    FROM decisions d
    WHERE d.campaign_id = s.campaign_id AND d.kind = 'name' AND d.undone_at IS NULL
    ORDER BY d.decision_id DESC
    LIMIT 1
) n ON true;

COMMENT ON VIEW campaigns_v IS 'One row per campaign that has members, as of the last complete run of the correlator.';
COMMENT ON COLUMN campaigns_v.campaign_id IS 'the campaign''s id as the command line shows it ("c2"); it stays from run to run';
COMMENT ON COLUMN campaigns_v.messages IS 'messages in it';
COMMENT ON COLUMN campaigns_v.first_seen IS 'when our servers received the first of them; NULL if no message tells';
COMMENT ON COLUMN campaigns_v.last_seen IS 'when our servers received the last of them; NULL if no message tells';
COMMENT ON COLUMN campaigns_v.senders IS 'distinct addresses that connected to our servers';
COMMENT ON COLUMN campaigns_v.top_subject IS 'the commonest subject, as a message has it';
COMMENT ON COLUMN campaigns_v.top_link_domains IS 'the three link domains in most messages, each with their number; common ones too';
COMMENT ON COLUMN campaigns_v.weakest_bits IS 'bits of the weakest link that holds it together';
COMMENT ON COLUMN campaigns_v.operation_id IS 'the operation that it belongs to ("o1"); NULL if none is known';
COMMENT ON COLUMN campaigns_v.name IS 'the name that people gave it last; NULL if none';
