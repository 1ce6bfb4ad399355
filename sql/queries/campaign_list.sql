-- The $1 largest campaigns with the strongest trait of each that says something to people, before
-- those whose value is a hash or a pattern.
SELECT c.campaign_id, c.members AS messages, c.weakest_bits, coalesce(min(m.received_at), '0001-01-01 00:00:00Z') AS first_seen, coalesce(max(m.received_at), '0001-01-01 00:00:00Z') AS last_seen,
       coalesce(t.kind, '') AS kind, coalesce(t.value, '') AS value
FROM (SELECT campaign_id, members, weakest_bits FROM campaigns WHERE members > 0 ORDER BY members DESC, campaign_id LIMIT $1) c
JOIN memberships b USING (campaign_id)
JOIN messages m USING (message_key)
LEFT JOIN (
    SELECT DISTINCT ON (campaign_id) campaign_id, kind, value
    FROM campaign_traits
    ORDER BY campaign_id, kind IN ('text', 'attachment', 'header order', 'mailer fingerprint', 'link path'), n
) t ON t.campaign_id = c.campaign_id
GROUP BY c.campaign_id, c.members, c.weakest_bits, t.kind, t.value
ORDER BY c.members DESC, c.campaign_id
