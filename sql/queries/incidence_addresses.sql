-- Present and former addresses of domains and their hosts. Most addresses of spam domains are gone at
-- the next look-up.
SELECT coalesce(l.domain, v.subject) AS domain, v.value
FROM observed_values v
LEFT JOIN lookups l ON l.name = v.subject AND l.kind = 'host' AND l.task = 'names'
WHERE v.source = 'dns' AND v.field = 'address'
ORDER BY domain COLLATE "C", v.value COLLATE "C"
