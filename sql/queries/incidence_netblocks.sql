-- Netblocks as last answered. Sources that disagree on who holds one prefix: the last to speak.
SELECT DISTINCT ON (prefix) prefix, coalesce(owner, '') AS owner
FROM netblocks
WHERE ended_at IS NULL
ORDER BY prefix, confirmed_at DESC, asked_at DESC, source
