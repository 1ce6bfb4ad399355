-- The $1 largest campaigns with the trait that holds each together best.
SELECT c.campaign_id, c.members AS messages, c.weakest_bits, coalesce(min(m.received_at), '0001-01-01 00:00:00Z') AS first_seen, coalesce(max(m.received_at), '0001-01-01 00:00:00Z') AS last_seen,
       coalesce(t.kind, '') AS kind, coalesce(t.value, '') AS value
FROM (SELECT campaign_id, members, weakest_bits FROM campaigns WHERE members > 0 ORDER BY members DESC, campaign_id LIMIT $1) c
JOIN memberships b USING (campaign_id)
JOIN messages m USING (message_key)
LEFT JOIN campaign_traits t ON t.campaign_id = c.campaign_id AND t.n = 0
GROUP BY c.campaign_id, c.members, c.weakest_bits, t.kind, t.value
ORDER BY c.members DESC, c.campaign_id
