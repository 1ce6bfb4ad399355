-- Which networks send most spam, and how many campaigns use them?
-- days integer 7: days before the newest mail
SELECT n.prefix AS netblock, n.owner, n.country, sum(s.messages)::bigint AS messages, count(*) AS senders
  FROM (SELECT m.sender, count(*) AS messages
          FROM messages_v m
         WHERE m.received_at > :newest - make_interval(days => :days)
           AND m.class = 'spam' AND m.sender IS NOT NULL
         GROUP BY m.sender
         ORDER BY messages DESC, m.sender
         LIMIT 2000) AS s
  LEFT JOIN LATERAL netblock_at(s.sender, now()) AS n ON true
 GROUP BY n.prefix, n.owner, n.country
 ORDER BY messages DESC, n.prefix
 LIMIT 50
