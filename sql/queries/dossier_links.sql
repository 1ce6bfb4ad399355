-- Domains, hosts and URLs (kinds $2) in links of members of campaign $1, with the amount of mail with
-- each. A link is unseen if it stands only in places that readers do not see. A URL is looked up by
-- its host.
WITH mine AS (
    SELECT v.kind, v.value, min(u.host) AS host, count(DISTINCT u.message_key) AS members, min(m.received_at) AS first_seen, max(m.received_at) AS last_seen,
           max(u.shared) AS shared,
           bool_and(u.found_in IN ('css', 'comment', 'doctype', 'link@href', 'base@href') OR u.found_in LIKE '%@xmlns%'
                    OR u.found_in LIKE '%@background' OR u.found_in LIKE '%@src' AND u.found_in <> 'iframe@src') AS unseen
      FROM memberships b
      JOIN urls u USING (message_key)
      JOIN messages m USING (message_key)
     CROSS JOIN LATERAL (VALUES ('domain', u.domain), ('host', u.host), ('url', u.url)) AS v(kind, value)
     WHERE b.campaign_id = $1 AND v.value IS NOT NULL AND v.kind = ANY ($2::text[])
     GROUP BY v.kind, v.value
)
SELECT g.kind, g.value, g.members, greatest(e.spam, g.members) AS spam, e.ham, coalesce(g.first_seen, '0001-01-01 00:00:00Z') AS first_seen,
       coalesce(g.last_seen, '0001-01-01 00:00:00Z') AS last_seen, coalesce(g.shared, '') AS shared, g.unseen
  FROM mine g
 CROSS JOIN LATERAL (
       SELECT count(DISTINCT u.message_key) FILTER (WHERE NOT m.ham) AS spam, count(DISTINCT u.message_key) FILTER (WHERE m.ham) AS ham
         FROM (SELECT message_key FROM urls WHERE g.kind = 'domain' AND domain = g.value
               UNION ALL SELECT message_key FROM urls WHERE g.kind = 'host' AND host = g.value
               UNION ALL SELECT message_key FROM urls WHERE g.kind = 'url' AND host = g.host AND url = g.value) AS u
         JOIN messages m USING (message_key)) AS e
 ORDER BY g.kind, g.members DESC, g.value
