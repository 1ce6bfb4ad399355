-- Registered domains in links of members of campaign $1, with their last known registration.
SELECT d.domain AS name, d.members, coalesce(d.shared, '') AS shared, coalesce(r.state, '') AS state, coalesce(r.registrar, '') AS registrar, coalesce(r.registrar_key, '') AS registrar_key,
       coalesce((SELECT o.parsed -> 'registrar' ->> 'abuse_email' FROM observations o
                  WHERE o.subject = d.domain AND o.kind = 'domain' AND o.outcome = 'answered' AND o.parsed -> 'registrar' ->> 'abuse_email' <> ''
                  ORDER BY o.confirmed_at DESC LIMIT 1), '') AS registrar_abuse,
       coalesce(r.registrant_name, '') AS registrant_name, coalesce(r.registrant_org, '') AS registrant_org, coalesce(r.registrant_email, '') AS registrant_mail,
       coalesce(r.created, '0001-01-01 00:00:00Z') AS created, coalesce(r.expires, '0001-01-01 00:00:00Z') AS expires,
       coalesce(r.looked_up_at, '0001-01-01 00:00:00Z') AS looked_up, coalesce(r.name_servers, '{}') AS name_servers,
       coalesce(d.first_seen, '0001-01-01 00:00:00Z') AS first_seen, coalesce(d.last_seen, '0001-01-01 00:00:00Z') AS last_seen
  FROM (SELECT u.domain, count(DISTINCT u.message_key) AS members, max(u.shared) AS shared, min(m.received_at) AS first_seen, max(m.received_at) AS last_seen
          FROM memberships b
          JOIN urls u USING (message_key)
          JOIN messages m USING (message_key)
         WHERE b.campaign_id = $1 AND u.domain IS NOT NULL
         GROUP BY u.domain) AS d
  LEFT JOIN domains r USING (domain)
 ORDER BY d.members DESC, d.domain
