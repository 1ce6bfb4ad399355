CREATE OR REPLACE VIEW nameserver_domains_v AS
SELECT v.value AS name_server,
       v.subject AS domain,
       min(v.since) AS first_seen,
       CASE WHEN bool_and(v.until IS NOT NULL) THEN max(v.until) END AS until,
       bool_or(v.until IS NULL) AS current,
       array_agg(v.source ORDER BY v.source) AS sources
  FROM observed_values v
 WHERE v.field = 'ns'
 GROUP BY v.value, v.subject;

COMMENT ON VIEW nameserver_domains_v IS 'One row per name server and domain that it serves or served, with times.';
COMMENT ON COLUMN nameserver_domains_v.name_server IS 'The name server.';
COMMENT ON COLUMN nameserver_domains_v.domain IS 'The domain.';
COMMENT ON COLUMN nameserver_domains_v.first_seen IS 'When a source first named the server.';
COMMENT ON COLUMN nameserver_domains_v.until IS 'When the last source stopped naming it; NULL while one does.';
COMMENT ON COLUMN nameserver_domains_v.current IS 'A source names it now.';
COMMENT ON COLUMN nameserver_domains_v.sources IS 'Sources that ever named it.';
