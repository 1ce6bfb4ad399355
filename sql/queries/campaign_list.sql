-- The $1 largest campaigns with the strongest traits of each; those of the kinds $2, whose values say
-- something to people, come before those whose value is a hash or a pattern. Of one kind one.
SELECT c.campaign_id, c.members AS messages, c.weakest_bits, coalesce(c.operation_id, 0) AS operation_id,
       coalesce(m.first_seen, '0001-01-01 00:00:00Z') AS first_seen, coalesce(m.last_seen, '0001-01-01 00:00:00Z') AS last_seen,
       coalesce(t.kinds, '{}') AS kinds, coalesce(t.trait_values, '{}') AS trait_values
FROM (SELECT campaign_id, members, weakest_bits, operation_id FROM campaigns WHERE members > 0 ORDER BY members DESC, campaign_id LIMIT $1) c
CROSS JOIN LATERAL (
    SELECT min(m.received_at) AS first_seen, max(m.received_at) AS last_seen
    FROM memberships b
    JOIN messages m USING (message_key)
    WHERE b.campaign_id = c.campaign_id
) m
LEFT JOIN LATERAL (
    SELECT array_agg(kind ORDER BY place) AS kinds, array_agg(coalesce(value, '') ORDER BY place) AS trait_values
    FROM (
        SELECT kind, value, row_number() OVER (ORDER BY dull, n) AS place
        FROM (
            SELECT DISTINCT ON (kind) kind, value, n,
                   value IS NULL OR kind <> ALL ($2::text[]) AS dull
            FROM campaign_traits
            WHERE campaign_id = c.campaign_id
            ORDER BY kind, n
        ) of_kind
    ) placed
    WHERE place <= 4
) t ON true
ORDER BY c.members DESC, c.campaign_id
