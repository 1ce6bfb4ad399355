-- Traits of the campaigns $1 as of the last run, strongest first.
SELECT campaign_id, evidence, kind, coalesce(value, '') AS value, members, elsewhere, ham, bits
FROM campaign_traits
WHERE campaign_id = ANY ($1::bigint[])
ORDER BY campaign_id, n
