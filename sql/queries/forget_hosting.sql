-- The answers about names $1 are about to go: what was worked out from them changes.
INSERT INTO domain_changes (kind, name)
SELECT 'name', n.name FROM unnest($1::text[]) AS n (name)
UNION SELECT 'name', l.domain FROM lookups l WHERE l.name = ANY ($1) AND l.domain IS NOT NULL
UNION SELECT 'name server', s.host FROM name_servers s WHERE s.host = ANY ($1)
