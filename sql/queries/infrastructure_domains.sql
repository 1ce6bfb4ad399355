-- The $2 commonest registered domains in links of campaign $1, or addresses in place of a domain:
-- times of mail with them, last known registration, and last known addresses of them and their hosts.
WITH used AS (
    SELECT domain AS name, messages AS members, shared, first_seen, last_seen
      FROM campaign_domains
     WHERE campaign_id = $1
     ORDER BY members DESC, name
     LIMIT $2
), hosts AS MATERIALIZED (
    SELECT coalesce(details[1], value_raw) AS name, array_agg(value_raw ORDER BY messages DESC, value_raw) AS hosts
      FROM campaign_values_v
     WHERE number = $1 AND kind = 'host'
     GROUP BY 1
)
SELECT used.name, used.members, coalesce(used.shared, '') AS shared,
       coalesce(used.first_seen, '0001-01-01 00:00:00Z') AS first_seen, coalesce(used.last_seen, '0001-01-01 00:00:00Z') AS last_seen,
       coalesce(d.created, '0001-01-01 00:00:00Z') AS created, coalesce(d.registrar_key, d.registrar, '') AS registrar,
       coalesce(d.registrant_name, d.registrant_org, d.registrant_email, '') AS registrant,
       coalesce(d.name_servers[1:4], '{}') AS name_servers, coalesce(a.addresses, '{}') AS addresses, coalesce(a.owners, '{}') AS owners
  FROM used
  LEFT JOIN hosts h USING (name)
  LEFT JOIN domains d ON d.domain = used.name
  LEFT JOIN LATERAL (
       SELECT array_agg(v.value ORDER BY v.value) AS addresses, array_agg(coalesce(n.owner, n.name, n.as_names[1], '') ORDER BY v.value) AS owners
         FROM (SELECT DISTINCT o.value
                 FROM observed_values o
                WHERE o.subject = ANY (used.name || h.hosts[1:8]) AND o.source = 'dns' AND o.field = 'address' AND o.until IS NULL
                ORDER BY o.value
                LIMIT 4) v
         LEFT JOIN LATERAL netblock_at(v.value::inet, now()) n ON true
  ) a ON used.shared IS NULL
 ORDER BY used.members DESC, used.name
