-- Hosts of mail addresses in messages, with the number and times of these messages.
SELECT split_part(c.value, '@', 2) AS host,
       count(DISTINCT m.message_key), count(DISTINCT m.message_key) FILTER (WHERE m.ham), min(m.received_at), max(m.received_at)
  FROM contacts c
  JOIN messages m USING (message_key)
 WHERE c.kind = 'mail'
 GROUP BY 1
