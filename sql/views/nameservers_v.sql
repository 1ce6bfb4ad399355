CREATE OR REPLACE VIEW nameservers_v AS
SELECT v.value AS name_server,
       count(DISTINCT v.subject) AS domains,
       count(DISTINCT v.subject) FILTER (WHERE v.until IS NULL) AS domains_now,
       min(v.since) AS first_seen,
       (SELECT s.addresses FROM name_servers s WHERE s.host = v.value) AS addresses,
       (SELECT array_agg(DISTINCT k.prefix) FROM name_servers s, unnest(s.addresses) AS a, netblock_at(a, now()) AS k
         WHERE s.host = v.value) AS netblocks,
       (SELECT array_agg(DISTINCT printable(k.owner)) FILTER (WHERE k.owner IS NOT NULL) FROM name_servers s, unnest(s.addresses) AS a, netblock_at(a, now()) AS k
         WHERE s.host = v.value) AS owners,
       (SELECT array_agg(DISTINCT printable(k.country)) FILTER (WHERE k.country IS NOT NULL) FROM name_servers s, unnest(s.addresses) AS a, netblock_at(a, now()) AS k
         WHERE s.host = v.value) AS countries,
       (SELECT s.asked_at FROM name_servers s WHERE s.host = v.value) AS addresses_since
  FROM observed_values v
 WHERE v.field = 'ns'
 GROUP BY v.value;

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
