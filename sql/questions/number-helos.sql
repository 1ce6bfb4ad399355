-- Who introduces himself by a bare number, and as what?
-- days integer 7: days before the newest mail
SELECT m.sender, m.helo, count(*) AS messages, min(m.received_at) AS first_seen, max(m.received_at) AS last_seen
  FROM messages_v m
 WHERE m.received_at > :newest - make_interval(days => :days)
   AND m.message_key IN (SELECT a.message_key FROM anomalies_v a WHERE a.message_key = m.message_key AND a.code = 'helo-number')
 GROUP BY m.sender, m.helo
 ORDER BY messages DESC, m.sender, m.helo
 LIMIT 50
