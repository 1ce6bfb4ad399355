-- Which systems announce a prefix, as last answered.
SELECT DISTINCT ON (prefix) prefix, asns
FROM origins
ORDER BY prefix, confirmed_at DESC, asked_at DESC, source
