-- Common traits of the members of campaigns $1, by the last run, strongest first.
SELECT campaign_id, evidence, kind, coalesce(value, '') AS value, members, elsewhere, ham, bits
FROM campaign_traits
WHERE campaign_id = ANY ($1::bigint[])
ORDER BY campaign_id, n
