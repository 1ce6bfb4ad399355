-- Columns that cost something are subqueries: they are worked out for the rows that are
-- shown, and only where they are asked for.
CREATE OR REPLACE VIEW domains_v AS
SELECT d.domain,
       printable(d.registrar) AS registrar,
       printable(d.registrant_name) AS registrant_name,
       printable(d.registrant_org) AS registrant_org,
       printable(d.registrant_email) AS registrant_email,
       printable(d.registrant_phone) AS registrant_phone,
       printable(d.registrant_country) AS registrant_country,
       d.created,
       d.updated,
       d.expires,
       domain_age_at(d.domain, d.first_mail) AS age_at_first_mail,
       printable(d.name_servers) AS name_servers,
       (SELECT array_agg(DISTINCT x) FROM name_servers s, unnest(s.addresses) AS x
          WHERE s.host = ANY (d.name_servers)) AS name_server_addresses,
       (SELECT array_agg(DISTINCT v.value::inet) FROM observed_values v
          WHERE v.source = 'dns' AND v.field = 'address' AND v.until IS NULL
            AND v.subject IN (SELECT d.domain UNION ALL SELECT l.name FROM lookups l WHERE l.domain = d.domain AND l.task = 'names')) AS addresses,
       (SELECT array_agg(DISTINCT k.prefix) FROM observed_values v, netblock_at(v.value::inet, now()) AS k
          WHERE v.source = 'dns' AND v.field = 'address' AND v.until IS NULL
            AND v.subject IN (SELECT d.domain UNION ALL SELECT l.name FROM lookups l WHERE l.domain = d.domain AND l.task = 'names')
            AND k.prefix IS NOT NULL) AS netblocks,
       (SELECT array_agg(DISTINCT printable(k.owner)) FROM observed_values v, netblock_at(v.value::inet, now()) AS k
          WHERE v.source = 'dns' AND v.field = 'address' AND v.until IS NULL
            AND v.subject IN (SELECT d.domain UNION ALL SELECT l.name FROM lookups l WHERE l.domain = d.domain AND l.task = 'names')
            AND k.owner IS NOT NULL) AS owners,
       (SELECT array_agg(DISTINCT n) FROM observed_values v, netblock_at(v.value::inet, now()) AS k, unnest(k.asns) AS n
          WHERE v.source = 'dns' AND v.field = 'address' AND v.until IS NULL
            AND v.subject IN (SELECT d.domain UNION ALL SELECT l.name FROM lookups l WHERE l.domain = d.domain AND l.task = 'names')) AS asns,
       d.redacted,
       printable(d.conflicts) AS conflicts,
       d.looked_up_at,
       d.state,
       d.messages,
       d.ham,
       d.first_mail,
       d.last_mail,
       (SELECT array_agg(DISTINCT printable(k.country)) FROM observed_values v, netblock_at(v.value::inet, now()) AS k
          WHERE v.source = 'dns' AND v.field = 'address' AND v.until IS NULL
            AND v.subject IN (SELECT d.domain UNION ALL SELECT l.name FROM lookups l WHERE l.domain = d.domain AND l.task = 'names')
            AND k.country IS NOT NULL) AS countries,
       (SELECT array_agg(DISTINCT k.prefix) FROM name_servers s, unnest(s.addresses) AS x, netblock_at(x, now()) AS k
          WHERE s.host = ANY (d.name_servers) AND k.prefix IS NOT NULL) AS name_server_netblocks,
       (SELECT array_agg(DISTINCT printable(k.owner)) FROM name_servers s, unnest(s.addresses) AS x, netblock_at(x, now()) AS k
          WHERE s.host = ANY (d.name_servers) AND k.owner IS NOT NULL) AS name_server_owners,
       (SELECT array_agg(DISTINCT printable(v.value)) FROM observed_values v
          WHERE v.subject = d.domain AND v.source = 'dns' AND v.field = 'mx' AND v.until IS NULL) AS mail_exchangers,
       printable(d.registrar_key) AS registrar_key,
       d.registrar_iana_id,
       printable(d.registrant_address) AS registrant_address,
       printable(d.registrant_handle) AS registrant_handle,
       printable(d.status) AS status,
       printable(d.privacy) AS privacy,
       printable(d.redacted_fields) AS redacted_fields,
       printable(d.oddities) AS oddities,
       d.sources,
       (SELECT printable(o.parsed #>> '{registrar,abuse_email}') FROM observations o
         WHERE o.subject = d.domain AND o.kind = 'domain' AND o.source IN ('rdap', 'whois', 'whois-registrar') AND o.outcome = 'answered'
           AND o.parsed #>> '{registrar,abuse_email}' <> ''
         ORDER BY o.confirmed_at DESC, o.source LIMIT 1) AS registrar_abuse_email,
       (SELECT printable(o.parsed #>> '{registrar,abuse_phone}') FROM observations o
         WHERE o.subject = d.domain AND o.kind = 'domain' AND o.source IN ('rdap', 'whois', 'whois-registrar') AND o.outcome = 'answered'
           AND o.parsed #>> '{registrar,abuse_phone}' <> ''
         ORDER BY o.confirmed_at DESC, o.source LIMIT 1) AS registrar_abuse_phone
  FROM domains d;

COMMENT ON VIEW domains_v IS 'One row per registered domain that mail names or a look-up asked about: its registration as last known, merged from RDAP and WHOIS, and its present DNS. For another time: whois_at(domain, time).';
COMMENT ON COLUMN domains_v.domain IS 'The domain, in ASCII and lower case.';
COMMENT ON COLUMN domains_v.registrar IS 'The registrar, as written.';
COMMENT ON COLUMN domains_v.registrant_name IS 'Name of the registrant; NULL if hidden or not given.';
COMMENT ON COLUMN domains_v.registrant_org IS 'Organisation of the registrant.';
COMMENT ON COLUMN domains_v.registrant_email IS 'E-mail address of the registrant, in lower case.';
COMMENT ON COLUMN domains_v.registrant_phone IS 'Phone number of the registrant, in E.164 if the country is known.';
COMMENT ON COLUMN domains_v.registrant_country IS 'Country of the registrant, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN domains_v.created IS 'When it was registered.';
COMMENT ON COLUMN domains_v.updated IS 'When its registration was last changed.';
COMMENT ON COLUMN domains_v.expires IS 'When its registration ends.';
COMMENT ON COLUMN domains_v.age_at_first_mail IS 'Age of the registration at the arrival of the first mail that names the domain; NULL if unknown. For every mail: domain_age_at(domain, time), urls_v.domain_age.';
COMMENT ON COLUMN domains_v.name_servers IS 'Its name servers by the registry, or else by DNS.';
COMMENT ON COLUMN domains_v.name_server_addresses IS 'Addresses of its name servers, as last found.';
COMMENT ON COLUMN domains_v.addresses IS 'Addresses of the domain and of its hosts in mail, as last found.';
COMMENT ON COLUMN domains_v.netblocks IS 'Netblocks of these addresses.';
COMMENT ON COLUMN domains_v.owners IS 'Holders of these netblocks.';
COMMENT ON COLUMN domains_v.asns IS 'Numbers of the autonomous systems that announce these addresses.';
COMMENT ON COLUMN domains_v.redacted IS 'Whether the registrant is hidden, by the registry or by a privacy service.';
COMMENT ON COLUMN domains_v.conflicts IS 'Fields in which two sources that were asked together disagree; RDAP is shown.';
COMMENT ON COLUMN domains_v.looked_up_at IS 'When a registry or registrar last answered; NULL if none has.';
COMMENT ON COLUMN domains_v.state IS 'registered; gone: it was, and is no more, and the rest is of its last registration; none: it is not; NULL: nobody answered yet.';
COMMENT ON COLUMN domains_v.messages IS 'Messages that name it, ham included; as of the last time the queue was filled.';
COMMENT ON COLUMN domains_v.ham IS 'Of these, wanted mail.';
COMMENT ON COLUMN domains_v.first_mail IS 'When our own servers took the first of them.';
COMMENT ON COLUMN domains_v.last_mail IS 'When our own servers took the last of them.';
COMMENT ON COLUMN domains_v.countries IS 'Countries of the netblocks.';
COMMENT ON COLUMN domains_v.name_server_netblocks IS 'Netblocks of its name servers.';
COMMENT ON COLUMN domains_v.name_server_owners IS 'Holders of the netblocks of its name servers.';
COMMENT ON COLUMN domains_v.mail_exchangers IS 'Hosts that take its mail, by DNS.';
COMMENT ON COLUMN domains_v.registrar_key IS 'The registrar, by its one normal name.';
COMMENT ON COLUMN domains_v.registrar_iana_id IS 'Number of the registrar at IANA.';
COMMENT ON COLUMN domains_v.registrant_address IS 'Street, city, region and postal code of the registrant.';
COMMENT ON COLUMN domains_v.registrant_handle IS 'The registrant''s handle at the registry or registrar.';
COMMENT ON COLUMN domains_v.status IS 'Status codes, as EPP names them.';
COMMENT ON COLUMN domains_v.privacy IS 'Privacy service that stands in for the registrant.';
COMMENT ON COLUMN domains_v.redacted_fields IS 'Which fields are hidden.';
COMMENT ON COLUMN domains_v.oddities IS 'Codes of anomalies of the registration.';
COMMENT ON COLUMN domains_v.sources IS 'Sources that the registration is from.';
COMMENT ON COLUMN domains_v.registrar_abuse_email IS 'The registrar''s address for complaints, as last given.';
COMMENT ON COLUMN domains_v.registrar_abuse_phone IS 'The same by phone.';
