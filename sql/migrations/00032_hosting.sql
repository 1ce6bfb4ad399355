-- +goose Up

-- Where the domains point to stands in a table. Worked out by domains_v for each row, "which domains
-- are with this holder" took minutes at 250,000 domains.

CREATE TABLE domain_hosting (
    age_at_first_mail     interval,
    domain                text PRIMARY KEY,
    addresses             inet[],
    netblocks             cidr[],
    owners                text[],
    countries             text[],
    asns                  bigint[],
    name_server_addresses inet[],
    name_server_netblocks cidr[],
    name_server_owners    text[],
    mail_exchangers       text[],
    registrar_abuse_email text,
    registrar_abuse_phone text
);
COMMENT ON TABLE domain_hosting IS 'One row per domain of domains that something is known of: where it points to now, worked out from all answers. Text is printable. People read domains_v.';
COMMENT ON COLUMN domain_hosting.age_at_first_mail IS 'Age of the registration at the arrival of the first mail that names the domain.';
COMMENT ON COLUMN domain_hosting.domain IS 'The domain.';
COMMENT ON COLUMN domain_hosting.addresses IS 'Addresses of the domain and of its hosts in mail.';
COMMENT ON COLUMN domain_hosting.netblocks IS 'Netblocks of these addresses.';
COMMENT ON COLUMN domain_hosting.owners IS 'Holders of these netblocks.';
COMMENT ON COLUMN domain_hosting.countries IS 'Countries of these netblocks.';
COMMENT ON COLUMN domain_hosting.asns IS 'Autonomous systems that announce these addresses.';
COMMENT ON COLUMN domain_hosting.name_server_addresses IS 'Addresses of the name servers.';
COMMENT ON COLUMN domain_hosting.name_server_netblocks IS 'Netblocks of these.';
COMMENT ON COLUMN domain_hosting.name_server_owners IS 'Holders of these netblocks.';
COMMENT ON COLUMN domain_hosting.mail_exchangers IS 'Hosts that take its mail.';
COMMENT ON COLUMN domain_hosting.registrar_abuse_email IS 'The registrar''s address for complaints.';
COMMENT ON COLUMN domain_hosting.registrar_abuse_phone IS 'The same by phone.';
CREATE INDEX domain_hosting_addresses ON domain_hosting USING gin (addresses);
CREATE INDEX domain_hosting_owners ON domain_hosting USING gin (owners);

CREATE TABLE domain_changes (
    kind text NOT NULL CHECK (kind IN ('name', 'name server', 'network')),
    name text NOT NULL
);
COMMENT ON TABLE domain_changes IS 'One row per change after which the rows of some domains in domain_hosting are out of date, until they are worked out again. A change may be listed twice.';
COMMENT ON COLUMN domain_changes.kind IS 'name: of the domain or a host of it; name server: of domains that it serves; network: of domains that point into it.';
COMMENT ON COLUMN domain_changes.name IS 'The name or prefix.';

-- What investigators search for is stored as views show it, so that an index finds it. Answers keep the original text.
DROP INDEX domains_registrant_email_shown;
UPDATE domains
   SET (registrar, registrar_key, registrant_name, registrant_org, registrant_email, registrant_phone, registrant_country,
        registrant_address, registrant_handle, privacy, name_servers, status, redacted_fields, oddities, conflicts)
     = (printable(registrar), printable(registrar_key), printable(registrant_name), printable(registrant_org), printable(registrant_email),
        printable(registrant_phone), printable(registrant_country), printable(registrant_address), printable(registrant_handle), printable(privacy),
        printable(name_servers), printable(status), printable(redacted_fields), printable(oddities), printable(conflicts))
 WHERE concat(registrar, registrar_key, registrant_name, registrant_org, registrant_email, registrant_phone, registrant_country,
              registrant_address, registrant_handle, privacy, name_servers, status, redacted_fields, oddities, conflicts) ~ '[^\u0020-\u007e]';

-- +goose StatementBegin
CREATE FUNCTION hosting_of(names text[]) RETURNS SETOF domain_hosting
LANGUAGE sql STABLE AS $$
WITH chosen AS MATERIALIZED (
    SELECT domain, name_servers, first_mail, looked_up_at FROM domains WHERE domain = ANY (names)
), pointing AS MATERIALIZED (
    SELECT h.domain, v.value::inet AS address
      FROM (SELECT domain, domain AS name FROM chosen
            UNION SELECT l.domain, l.name FROM chosen c JOIN lookups l ON l.domain = c.domain WHERE l.task = 'names') AS h
      JOIN observed_values v ON v.subject = h.name
     WHERE v.source = 'dns' AND v.field = 'address' AND v.until IS NULL
), serving AS MATERIALIZED (
    SELECT c.domain, a.address
      FROM chosen c
     CROSS JOIN unnest(c.name_servers) AS n (host)
      JOIN name_servers s ON s.host = n.host
     CROSS JOIN unnest(s.addresses) AS a (address)
), places AS MATERIALIZED (
    -- Each address once: thousands of domains point to one.
    SELECT a.address, k.prefix, printable(k.owner) AS owner, printable(k.country) AS country, k.asns
      FROM (SELECT address FROM pointing UNION SELECT address FROM serving) AS a
     CROSS JOIN LATERAL netblock_at(a.address, now()) AS k
), hosts AS (
    SELECT p.domain, array_agg(DISTINCT p.address) AS addresses, array_agg(DISTINCT k.prefix) FILTER (WHERE k.prefix IS NOT NULL) AS netblocks,
           array_agg(DISTINCT k.owner) FILTER (WHERE k.owner IS NOT NULL) AS owners, array_agg(DISTINCT k.country) FILTER (WHERE k.country IS NOT NULL) AS countries,
           array_agg(DISTINCT n.asn) FILTER (WHERE n.asn IS NOT NULL) AS asns
      FROM pointing p
      LEFT JOIN places k USING (address)
      LEFT JOIN LATERAL unnest(k.asns) AS n (asn) ON true
     GROUP BY p.domain
), servers AS (
    SELECT s.domain, array_agg(DISTINCT s.address) AS addresses, array_agg(DISTINCT k.prefix) FILTER (WHERE k.prefix IS NOT NULL) AS netblocks,
           array_agg(DISTINCT k.owner) FILTER (WHERE k.owner IS NOT NULL) AS owners
      FROM serving s
      LEFT JOIN places k USING (address)
     GROUP BY s.domain
)
SELECT CASE WHEN c.looked_up_at IS NOT NULL AND c.first_mail IS NOT NULL THEN domain_age_at(c.domain, c.first_mail) END, c.domain,
       h.addresses, h.netblocks, h.owners, h.countries, h.asns, s.addresses, s.netblocks, s.owners,
       (SELECT array_agg(DISTINCT printable(v.value)) FROM observed_values v
         WHERE v.subject = c.domain AND v.source = 'dns' AND v.field = 'mx' AND v.until IS NULL),
       printable(e.email), printable(p.phone)
  FROM chosen c
  LEFT JOIN hosts h USING (domain)
  LEFT JOIN servers s USING (domain)
  LEFT JOIN LATERAL (SELECT o.parsed #>> '{registrar,abuse_email}' AS email FROM observations o
                      WHERE o.subject = c.domain AND o.kind = 'domain' AND o.source IN ('rdap', 'whois', 'whois-registrar') AND o.outcome = 'answered'
                        AND o.parsed #>> '{registrar,abuse_email}' <> ''
                      ORDER BY o.confirmed_at DESC, o.source LIMIT 1) AS e ON c.looked_up_at IS NOT NULL
  LEFT JOIN LATERAL (SELECT o.parsed #>> '{registrar,abuse_phone}' AS phone FROM observations o
                      WHERE o.subject = c.domain AND o.kind = 'domain' AND o.source IN ('rdap', 'whois', 'whois-registrar') AND o.outcome = 'answered'
                        AND o.parsed #>> '{registrar,abuse_phone}' <> ''
                      ORDER BY o.confirmed_at DESC, o.source LIMIT 1) AS p ON c.looked_up_at IS NOT NULL
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION hosting_of(text[]) IS 'Rows of domain_hosting for these domains, worked out from all answers until now.';

INSERT INTO domain_hosting SELECT * FROM hosting_of(ARRAY(SELECT domain FROM domains));

-- Other sums over many rows for a few shown ones.
ALTER TABLE operations ADD senders bigint;
COMMENT ON COLUMN operations.senders IS 'Distinct addresses that connected to our servers, as of the last run; NULL if none is known.';
UPDATE operations o
   SET senders = c.senders
  FROM (SELECT c.operation_id, nullif(count(DISTINCT m.sender), 0) AS senders
          FROM campaigns c JOIN memberships b USING (campaign_id) JOIN messages m USING (message_key)
         WHERE c.operation_id IS NOT NULL
         GROUP BY c.operation_id) AS c
 WHERE o.operation_id = c.operation_id;

-- A column tells at once which campaigns have stored values; to look for them took 4 µs a member.
ALTER TABLE campaign_sums ADD valued boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN campaign_sums.valued IS 'Its values are stored in campaign_values.';
UPDATE campaign_sums SET valued = true WHERE campaign_id IN (SELECT campaign_id FROM campaign_values);

-- The newest runs, the domains in most mail.
CREATE INDEX spamruns_started_at ON spamruns (started_at);
CREATE INDEX domains_messages ON domains (messages DESC, domain);

-- The messages of a week are listed by the index alone, where links or anomalies of them are asked for.
DROP INDEX messages_received_at;
CREATE INDEX messages_received_at ON messages (received_at) INCLUDE (message_key, ham);
