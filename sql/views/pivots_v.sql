-- Two halves, names in the queue and others, so that an index finds the names of a domain.
CREATE OR REPLACE VIEW pivots_v AS
SELECT CASE WHEN v.field LIKE '%.email' THEN 'e-mail'
            WHEN v.field LIKE '%.phone' THEN 'phone'
            WHEN v.field LIKE '%.name' OR v.field LIKE '%.organization' THEN 'name'
            WHEN v.field = 'ns' THEN 'name server'
            WHEN v.field = 'mx' THEN 'mail exchanger'
            ELSE v.field END AS kind,
       v.value,
       v.domain,
       v.since AS first_seen,
       coalesce(v.until, (SELECT max(o.confirmed_at) FROM observations o
                           WHERE o.subject = v.subject AND o.source = v.source AND o.outcome = 'answered'), v.since) AS last_seen,
       v.until IS NULL AS current,
       v.field,
       v.source,
       v.subject
  FROM (SELECT v.*, l.domain
          FROM observed_values v
          JOIN lookups l ON l.name = v.subject
         WHERE l.task = 'names' AND l.domain IS NOT NULL
           AND (l.kind = 'domain' OR NOT EXISTS (SELECT FROM lookups x WHERE x.name = l.name AND x.kind = 'domain' AND x.task = 'names'))
        UNION ALL
        SELECT v.*, v.subject
          FROM observed_values v
         WHERE NOT EXISTS (SELECT FROM lookups l WHERE l.name = v.subject AND l.task = 'names' AND l.domain IS NOT NULL)) AS v
 WHERE v.field IN ('registrar', 'ns', 'mx', 'address', 'cname', 'certificate', 'soa.rname')
    OR v.field LIKE 'registrant.%' OR v.field IN ('admin.email', 'admin.phone', 'admin.name', 'admin.organization',
       'tech.email', 'tech.phone', 'tech.name', 'tech.organization', 'billing.email', 'billing.phone', 'billing.name', 'billing.organization');

COMMENT ON VIEW pivots_v IS 'One row per value by which domains hang together, host or domain that has or had it, and source: from a registrant, an e-mail address, a phone number, a name server or an address to the domains, with times. Ask by value.';
COMMENT ON COLUMN pivots_v.kind IS 'name, e-mail, phone, name server, mail exchanger, address, registrar, certificate and others.';
COMMENT ON COLUMN pivots_v.value IS 'The value in normal form: host names and e-mail addresses in lower case, phone numbers in E.164 if the country is known.';
COMMENT ON COLUMN pivots_v.domain IS 'Registered domain of the subject if known, else the subject.';
COMMENT ON COLUMN pivots_v.first_seen IS 'When it was first seen.';
COMMENT ON COLUMN pivots_v.last_seen IS 'When it was last seen: when another answer took its place, or the newest answer that still has it.';
COMMENT ON COLUMN pivots_v.current IS 'Whether no later answer of the source lacks it.';
COMMENT ON COLUMN pivots_v.field IS 'Field of the answer: registrant.email, admin.phone, ns, address, ...';
COMMENT ON COLUMN pivots_v.source IS 'Source of the value: rdap, whois, whois-registrar, dns, pdns, ct.';
COMMENT ON COLUMN pivots_v.subject IS 'The domain or host that has it.';
