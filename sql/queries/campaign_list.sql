-- The $1 largest campaigns of at least $2 messages after the first $4, among those with ids $3 unless
-- it is NULL.
SELECT c.campaign_id, c.members AS messages, c.weakest_bits, coalesce(c.operation_id, 0) AS operation_id,
       coalesce(s.first_seen, '0001-01-01 00:00:00Z') AS first_seen, coalesce(s.last_seen, '0001-01-01 00:00:00Z') AS last_seen
FROM (
    SELECT campaign_id, members, weakest_bits, operation_id
    FROM campaigns
    WHERE members >= $2 AND ($3::bigint[] IS NULL OR campaign_id = ANY ($3))
    ORDER BY members DESC, campaign_id
    LIMIT $1 OFFSET $4
) c
LEFT JOIN campaign_sums s USING (campaign_id)
ORDER BY c.members DESC, c.campaign_id
