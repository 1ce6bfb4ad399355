-- Two halves, names in the queue and others, so that an index finds the names of a domain.
CREATE OR REPLACE VIEW resolutions_v AS
SELECT v.subject AS name,
       l.domain,
       v.value::inet AS address,
       v.since AS first_seen,
       coalesce(v.until, (SELECT max(o.confirmed_at) FROM observations o
                           WHERE o.subject = v.subject AND o.source = v.source AND o.outcome = 'answered'), v.since) AS last_seen,
       v.until IS NULL AS current,
       v.source
  FROM observed_values v
  JOIN lookups l ON l.name = v.subject
 WHERE v.field = 'address' AND l.task = 'names' AND l.domain IS NOT NULL
   AND (l.kind = 'domain' OR NOT EXISTS (SELECT FROM lookups x WHERE x.name = l.name AND x.kind = 'domain' AND x.task = 'names'))
UNION ALL
SELECT v.subject,
       v.subject,
       v.value::inet,
       v.since,
       coalesce(v.until, (SELECT max(o.confirmed_at) FROM observations o
                           WHERE o.subject = v.subject AND o.source = v.source AND o.outcome = 'answered'), v.since),
       v.until IS NULL,
       v.source
  FROM observed_values v
 WHERE v.field = 'address' AND NOT EXISTS (SELECT FROM lookups l WHERE l.name = v.subject AND l.task = 'names' AND l.domain IS NOT NULL)
UNION ALL
SELECT printable(s.host), NULL, a.address, s.asked_at, s.asked_at, true, 'name server'
  FROM name_servers s
 CROSS JOIN unnest(s.addresses) AS a (address);

COMMENT ON VIEW resolutions_v IS 'One row per name, address that it had, and source that says so, with times. A name with several addresses has several rows at once.';
COMMENT ON COLUMN resolutions_v.name IS 'Host name.';
COMMENT ON COLUMN resolutions_v.domain IS 'Its registered domain; NULL for name servers.';
COMMENT ON COLUMN resolutions_v.address IS 'An address that it had.';
COMMENT ON COLUMN resolutions_v.first_seen IS 'When an answer first had it.';
COMMENT ON COLUMN resolutions_v.last_seen IS 'When an answer last had it, or, of one that ended, when an answer first came without it.';
COMMENT ON COLUMN resolutions_v.current IS 'The last answer has it.';
COMMENT ON COLUMN resolutions_v.source IS 'dns: we asked; pdns: passive DNS that was imported; name server: found while asking about a domain that it serves.';
