-- Traits of all campaigns and operations as of the last run.
SELECT campaign_id, 0::bigint AS operation_id, kind, coalesce(value, '') AS value, members, elsewhere, ham
FROM campaign_traits
UNION ALL
SELECT 0, operation_id, kind, coalesce(value, ''), members, elsewhere, ham
FROM operation_traits
