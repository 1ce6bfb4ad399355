-- Current netblocks. If sources disagree on the holder of a prefix, the last answer counts.
SELECT DISTINCT ON (prefix) prefix, coalesce(owner, '') AS owner
FROM netblocks
WHERE ended_at IS NULL
ORDER BY prefix, confirmed_at DESC, asked_at DESC, source
