-- Addresses of the link hosts of campaign $1, of their domains and of the domains' name servers, with
-- times.
WITH linked AS (
    SELECT DISTINCT v.name, u.domain
      FROM memberships b
      JOIN urls u USING (message_key)
     CROSS JOIN LATERAL (VALUES (u.host), (u.domain)) AS v(name)
     WHERE b.campaign_id = $1 AND v.name IS NOT NULL AND u.shared IS NULL
), found AS (
    SELECT l.name, false AS name_server, v.value::inet AS addr, min(v.since) AS since,
           CASE WHEN bool_and(v.until IS NOT NULL) THEN max(v.until) END AS till
      FROM (SELECT DISTINCT name FROM linked) AS l
      JOIN observed_values v ON v.subject = l.name AND v.source = 'dns' AND v.field = 'address'
     GROUP BY l.name, v.value
    UNION ALL
    SELECT s.host, true, a, min(s.asked_at), NULL
      FROM (SELECT DISTINCT domain FROM linked WHERE domain IS NOT NULL) AS l
      JOIN domains d USING (domain)
     CROSS JOIN LATERAL unnest(d.name_servers) AS h(host)
      JOIN name_servers s ON s.host = h.host
     CROSS JOIN LATERAL unnest(s.addresses) AS a
     GROUP BY s.host, a
)
SELECT f.name, f.name_server, f.addr, f.since, coalesce(f.till, '0001-01-01 00:00:00Z') AS till,
       n.prefix AS netblock, coalesce(n.name, '') AS net_name, coalesce(n.owner, '') AS owner, coalesce(n.country, '') AS country,
       coalesce(n.asns[1], 0) AS asn, coalesce(n.as_names[1], '') AS as_name, coalesce(n.abuse_email, '') AS abuse_mail, coalesce(n.registry, '') AS registry,
       coalesce(n.asked_at, '0001-01-01 00:00:00Z') AS looked_up, coalesce(n.confirmed_at, '0001-01-01 00:00:00Z') AS confirmed
  FROM found f
  LEFT JOIN LATERAL netblock_at(f.addr, now()) AS n ON true
 ORDER BY f.name_server, f.name, f.addr
