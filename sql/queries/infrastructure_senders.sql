-- The $2 addresses that sent most members of campaign $1, and registries' answers about them.
SELECT s.sender, s.messages, s.helo, s.reverse_name, s.first_seen, s.last_seen,
       coalesce(n.prefix::text, '') AS netblock, coalesce(n.owner, n.name, n.as_names[1], '') AS owner, coalesce(n.country, '') AS country, coalesce(n.asns[1], 0) AS asn
  FROM (SELECT m.sender, count(*) AS messages, coalesce(min(m.helo), '') AS helo, coalesce(max(m.reverse_name), '') AS reverse_name,
               coalesce(min(m.received_at), '0001-01-01 00:00:00Z') AS first_seen, coalesce(max(m.received_at), '0001-01-01 00:00:00Z') AS last_seen
          FROM memberships b
          JOIN messages m USING (message_key)
         WHERE b.campaign_id = $1 AND m.sender IS NOT NULL
         GROUP BY m.sender
         ORDER BY messages DESC, m.sender
         LIMIT $2) s
  LEFT JOIN LATERAL netblock_at(s.sender, now()) n ON true
 ORDER BY s.messages DESC, s.sender
