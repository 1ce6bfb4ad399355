-- Domains and hosts in links of members of campaign $1, with as much of the mail that has them as a verdict
-- needs: whether ham has it, and whether more than twice as many messages as members do. Counted
-- exactly (dossier_links), a host in half of a million messages takes ten seconds. 20 links a member
-- are looked at first, and all of them only where these do not tell.
WITH mine AS (
    SELECT v.kind, v.value, count(DISTINCT u.message_key) AS members, min(b.received_at) AS first_seen, max(b.received_at) AS last_seen,
           max(u.shared) AS shared,
           bool_and(u.found_in IN ('css', 'comment', 'doctype', 'link@href', 'base@href') OR u.found_in LIKE '%@xmlns%'
                    OR u.found_in LIKE '%@background' OR u.found_in LIKE '%@src' AND u.found_in <> 'iframe@src') AS unseen
      FROM memberships b
      JOIN urls u USING (message_key)
     CROSS JOIN LATERAL (VALUES ('domain', u.domain), ('host', u.host)) AS v(kind, value)
     WHERE b.campaign_id = $1 AND v.value IS NOT NULL
     GROUP BY v.kind, v.value
)
SELECT g.kind, g.value, g.members, greatest(g.members, CASE WHEN f.links < f.most OR f.messages > 2 * g.members THEN f.messages
            ELSE (SELECT count(DISTINCT x.message_key)
                    FROM (SELECT message_key FROM urls WHERE g.kind = 'domain' AND domain = g.value
                          UNION ALL SELECT message_key FROM urls WHERE g.kind = 'host' AND host = g.value) AS x) END) AS spam,
       CASE WHEN EXISTS (SELECT FROM urls u JOIN messages m USING (message_key) WHERE g.kind = 'domain' AND u.domain = g.value AND m.ham
                         UNION ALL
                         SELECT FROM urls u JOIN messages m USING (message_key) WHERE g.kind = 'host' AND u.host = g.value AND m.ham) THEN 1 ELSE 0 END AS ham,
       coalesce(g.first_seen, '0001-01-01 00:00:00Z') AS first_seen, coalesce(g.last_seen, '0001-01-01 00:00:00Z') AS last_seen, coalesce(g.shared, '') AS shared, g.unseen
  FROM mine g
 CROSS JOIN LATERAL (
       SELECT count(*) AS links, count(DISTINCT x.message_key) AS messages, greatest(2000, 20 * g.members) AS most
         FROM (SELECT message_key FROM urls WHERE g.kind = 'domain' AND domain = g.value
               UNION ALL SELECT message_key FROM urls WHERE g.kind = 'host' AND host = g.value
               LIMIT greatest(2000, 20 * g.members)) AS x) AS f
 ORDER BY g.kind, g.members DESC, g.value
