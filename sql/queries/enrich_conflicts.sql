-- Values of each source for the fields of a domain on which the sources disagree.
WITH said AS (
    SELECT DISTINCT ON (source) source, parsed
      FROM observations
     WHERE subject = $1 AND kind = 'domain' AND source IN ('rdap', 'whois', 'whois-registrar') AND outcome = 'answered'
     ORDER BY source, confirmed_at DESC, asked_at DESC
)
SELECT f.field, s.source, v.value
  FROM registration_known($1, 'infinity', true) AS k
 CROSS JOIN LATERAL unnest(k.conflicts) AS f (field)
 CROSS JOIN said AS s
 CROSS JOIN LATERAL (SELECT left(CASE f.field
           WHEN 'registrar' THEN s.parsed #>> '{registrar,name}'
           WHEN 'registrant_name' THEN s.parsed #>> '{registrant,name}'
           WHEN 'registrant_org' THEN s.parsed #>> '{registrant,organization}'
           WHEN 'registrant_email' THEN s.parsed #>> '{registrant,email}'
           WHEN 'registrant_phone' THEN s.parsed #>> '{registrant,phone}'
           WHEN 'registrant_country' THEN s.parsed #>> '{registrant,country}'
           WHEN 'name_servers' THEN (SELECT string_agg(x #>> '{}', ' ' ORDER BY x #>> '{}') FROM jsonb_path_query(s.parsed, '$.name_servers[*].host') AS x)
           ELSE s.parsed ->> f.field END, 500) AS value) AS v
 WHERE v.value <> ''
 ORDER BY f.field, s.source
