-- Contacts in members of campaign $1, and their files, with the amount of mail with each.
WITH mine AS (
    SELECT c.kind, c.value, NULL::bytea AS sha256, count(DISTINCT c.message_key) AS members, min(m.received_at) AS first_seen, max(m.received_at) AS last_seen
      FROM memberships b
      JOIN contacts c USING (message_key)
      JOIN messages m USING (message_key)
     WHERE b.campaign_id = $1
     GROUP BY c.kind, c.value
    UNION ALL
    SELECT 'file', encode(p.sha256, 'hex'), p.sha256, count(DISTINCT p.message_key), min(m.received_at), max(m.received_at)
      FROM memberships b
      JOIN parts p USING (message_key)
      JOIN messages m USING (message_key)
     WHERE b.campaign_id = $1 AND p.attachment AND p.sha256 IS NOT NULL
     GROUP BY p.sha256
)
SELECT g.kind, g.value, g.members, e.spam, e.ham, coalesce(g.first_seen, '0001-01-01 00:00:00Z') AS first_seen,
       coalesce(g.last_seen, '0001-01-01 00:00:00Z') AS last_seen, '' AS shared, false AS unseen
  FROM mine g
 CROSS JOIN LATERAL (
       SELECT count(DISTINCT x.message_key) FILTER (WHERE NOT m.ham) AS spam, count(DISTINCT x.message_key) FILTER (WHERE m.ham) AS ham
         FROM (SELECT message_key FROM contacts WHERE g.sha256 IS NULL AND value = g.value AND kind = g.kind
               UNION ALL SELECT message_key FROM parts WHERE attachment AND sha256 = g.sha256) AS x
         JOIN messages m USING (message_key)) AS e
 ORDER BY g.kind, g.members DESC, g.value
