-- Current netblocks of the addresses $1, as incidence_netblocks has them.
SELECT DISTINCT ON (n.prefix) n.prefix, coalesce(n.owner, '') AS owner
FROM unnest($1::inet[]) AS a
JOIN netblocks n ON n.prefix >>= a
WHERE n.ended_at IS NULL
ORDER BY n.prefix, n.confirmed_at DESC, n.asked_at DESC, n.source
