-- Holder and announcing AS of the networks of address $1 by the last answers, smallest network first.
SELECT prefix, source, server, asked_at, coalesce(name, '') AS name, coalesce(owner, '') AS owner, '{}'::bigint[] AS asns, '{}'::text[] AS as_names
FROM netblocks
WHERE prefix >>= $1::inet AND ended_at IS NULL
UNION ALL
SELECT prefix, source, '', asked_at, '', '', asns, coalesce(names, '{}')
FROM origins
WHERE prefix >>= $1::inet
ORDER BY prefix DESC, asked_at DESC
