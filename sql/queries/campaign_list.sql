-- The $1 largest campaigns of at least $2 messages; of those of the ids $3 unless it is NULL.
SELECT c.campaign_id, c.members AS messages, c.weakest_bits, coalesce(c.operation_id, 0) AS operation_id,
       coalesce(m.first_seen, '0001-01-01 00:00:00Z') AS first_seen, coalesce(m.last_seen, '0001-01-01 00:00:00Z') AS last_seen
FROM (
    SELECT campaign_id, members, weakest_bits, operation_id
    FROM campaigns
    WHERE members >= $2 AND ($3::bigint[] IS NULL OR campaign_id = ANY ($3))
    ORDER BY members DESC, campaign_id
    LIMIT $1
) c
CROSS JOIN LATERAL (
    SELECT min(m.received_at) AS first_seen, max(m.received_at) AS last_seen
    FROM memberships b
    JOIN messages m USING (message_key)
    WHERE b.campaign_id = c.campaign_id
) m
ORDER BY c.members DESC, c.campaign_id
