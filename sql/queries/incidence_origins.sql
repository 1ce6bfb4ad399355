-- Announcing systems of each prefix, by the last answer.
SELECT DISTINCT ON (prefix) prefix, asns
FROM origins
ORDER BY prefix, confirmed_at DESC, asked_at DESC, source
