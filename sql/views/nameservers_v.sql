-- Domains are counted by an index alone. Addresses are subqueries of the select list, so that a list
-- with a LIMIT looks them up for the servers that it shows and no others.
CREATE OR REPLACE VIEW nameservers_v AS
SELECT x.name_server,
       x.domains,
       x.domains_now,
       x.first_seen,
       (SELECT s.addresses FROM name_servers s WHERE s.host = x.name_server) AS addresses,
       (SELECT array_agg(DISTINCT k.prefix) FROM name_servers s, unnest(s.addresses) AS a, netblock_at(a, now()) AS k
         WHERE s.host = x.name_server) AS netblocks,
       (SELECT array_agg(DISTINCT printable(k.owner)) FILTER (WHERE k.owner IS NOT NULL) FROM name_servers s, unnest(s.addresses) AS a, netblock_at(a, now()) AS k
         WHERE s.host = x.name_server) AS owners,
       (SELECT array_agg(DISTINCT printable(k.country)) FILTER (WHERE k.country IS NOT NULL) FROM name_servers s, unnest(s.addresses) AS a, netblock_at(a, now()) AS k
         WHERE s.host = x.name_server) AS countries,
       (SELECT s.asked_at FROM name_servers s WHERE s.host = x.name_server) AS addresses_since
  FROM (SELECT d.value AS name_server, count(*) AS domains, count(*) FILTER (WHERE d.now) AS domains_now, min(d.since) AS first_seen
          FROM (SELECT v.value, v.subject, bool_or(v.until IS NULL) AS now, min(v.since) AS since
                  FROM observed_values v
                 WHERE v.field = 'ns'
                 GROUP BY v.value, v.subject) AS d
         GROUP BY d.value) AS x;

COMMENT ON VIEW nameservers_v IS 'One row per name server: its addresses and its number of domains. The domains themselves: nameserver_domains_v.';
COMMENT ON COLUMN nameservers_v.name_server IS 'Its name.';
COMMENT ON COLUMN nameservers_v.domains IS 'Domains that ever had it, as far as they were looked up.';
COMMENT ON COLUMN nameservers_v.domains_now IS 'Domains that have it by the last answer.';
COMMENT ON COLUMN nameservers_v.first_seen IS 'When a domain was first observed to have it.';
COMMENT ON COLUMN nameservers_v.addresses IS 'Its addresses, as last found.';
COMMENT ON COLUMN nameservers_v.netblocks IS 'Netblocks of its addresses.';
COMMENT ON COLUMN nameservers_v.owners IS 'Holders of these netblocks.';
COMMENT ON COLUMN nameservers_v.countries IS 'Countries of these netblocks.';
COMMENT ON COLUMN nameservers_v.addresses_since IS 'When it was first found at just these addresses.';
