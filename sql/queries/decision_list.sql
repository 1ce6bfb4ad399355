-- Decisions, oldest first, with those that were undone if $1.
SELECT decision_id AS id, made_at, coalesce(undone_at, '0001-01-01 00:00:00Z') AS undone_at, kind,
       coalesce(campaign_id, 0) AS campaign, coalesce(other_id, 0) AS other,
       coalesce(messages, '{}') AS messages, coalesce(others, '{}') AS others, coalesce(moved, '{}') AS moved,
       coalesce(feature, 0) AS feature, coalesce(value, '') AS value,
       made_by, coalesce(undone_by, '') AS undone_by, coalesce(because, '') AS because
FROM decisions
WHERE $1::boolean OR undone_at IS NULL
ORDER BY decision_id
