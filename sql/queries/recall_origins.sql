-- Announcing systems of the prefixes of the addresses $1, as incidence_origins has them.
SELECT DISTINCT ON (o.prefix) o.prefix, o.asns
FROM unnest($1::inet[]) AS a
JOIN origins o ON o.prefix >>= a
ORDER BY o.prefix, o.confirmed_at DESC, o.asked_at DESC, o.source
