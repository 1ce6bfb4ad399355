-- Text of domains and domain_hosting is printable as it is stored, so that filters use indexes.
CREATE OR REPLACE VIEW domains_v AS
SELECT d.domain,
       d.registrar,
       d.registrant_name,
       d.registrant_org,
       d.registrant_email,
       d.registrant_phone,
       d.registrant_country,
       d.created,
       d.updated,
       d.expires,
       h.age_at_first_mail,
       d.name_servers,
       h.name_server_addresses,
       h.addresses,
       h.netblocks,
       h.owners,
       h.asns,
       d.redacted,
       d.conflicts,
       d.looked_up_at,
       d.state,
       d.messages,
       d.ham,
       d.first_mail,
       d.last_mail,
       h.countries,
       h.name_server_netblocks,
       h.name_server_owners,
       h.mail_exchangers,
       d.registrar_key,
       d.registrar_iana_id,
       d.registrant_address,
       d.registrant_handle,
       d.status,
       d.privacy,
       d.redacted_fields,
       d.oddities,
       d.sources,
       h.registrar_abuse_email,
       h.registrar_abuse_phone
  FROM domains d
  LEFT JOIN domain_hosting h USING (domain);

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
