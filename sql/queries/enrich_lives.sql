-- Registrations of a domain that was registered again after mail with it: those at the arrival of the
-- first and of the last such mail. NULL: unknown.
SELECT t.at AS mail_at, d.created AS anew, coalesce(w.state, '') AS state, coalesce(w.registrar, '') AS registrar,
       coalesce(w.registrant_name, w.registrant_org, w.registrant_email, '') AS registrant,
       w.created, w.looked_up_at, coalesce(w.proven_by, '') AS proven_by
  FROM domains d
 CROSS JOIN LATERAL (SELECT DISTINCT v.at FROM (VALUES (d.first_mail), (d.last_mail)) AS v (at) WHERE v.at + interval '1 day' < d.created) AS t
  LEFT JOIN LATERAL whois_at(d.domain, t.at) AS w ON true
 WHERE d.domain = $1
 ORDER BY t.at
