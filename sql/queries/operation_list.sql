-- Operations with their campaigns, the largest first, and their strongest common trait. Kinds $1 mean
-- nothing to people, so they appear only without any other trait.
SELECT o.operation_id, o.weakest_bits, c.campaigns, c.messages, coalesce(t.kind, '') AS kind, coalesce(t.value, '') AS value
FROM operations o
JOIN (
    SELECT operation_id, array_agg(campaign_id ORDER BY members DESC, campaign_id) AS campaigns, sum(members)::bigint AS messages
    FROM campaigns
    WHERE operation_id IS NOT NULL AND members > 0
    GROUP BY operation_id
) c USING (operation_id)
LEFT JOIN LATERAL (
    SELECT kind, value
    FROM operation_traits
    WHERE operation_id = o.operation_id
    ORDER BY value IS NULL, kind = ANY ($1::text[]), n
    LIMIT 1
) t ON true
ORDER BY c.messages DESC, o.operation_id
