-- Present and former addresses of the domains $1 (NULL: of all) and their hosts. Most addresses of
-- spam domains are gone at the next look-up.
SELECT coalesce(l.domain, v.subject) AS domain, v.value
FROM observed_values v
LEFT JOIN lookups l ON l.name = v.subject AND l.kind = 'host' AND l.task = 'names'
WHERE v.source = 'dns' AND v.field = 'address'
  AND ($1::text[] IS NULL OR v.subject = ANY (array_cat($1, ARRAY(SELECT name FROM lookups WHERE domain = ANY ($1) AND kind = 'host' AND task = 'names'))))
ORDER BY domain COLLATE "C", v.value COLLATE "C"
