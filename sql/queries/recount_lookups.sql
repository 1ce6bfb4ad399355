-- Counts the mail of the look-ups $1 again.
UPDATE lookups l
   SET messages = c.messages, last_mail = c.last_mail
  FROM (SELECT q.name, q.kind, q.task, count(m.message_key) AS messages, max(m.received_at) AS last_mail
          FROM lookups q
          LEFT JOIN LATERAL (
               SELECT u.message_key FROM urls u WHERE u.host = q.name
               UNION SELECT u.message_key FROM urls u WHERE u.domain = q.name
               UNION SELECT s.message_key FROM messages s WHERE s.sender = q.address
               UNION SELECT k.message_key FROM contacts k
                      WHERE k.kind = 'mail' AND (lower(split_part(k.value, '@', 2)) = q.name OR lower(split_part(k.value, '@', 2)) LIKE '%.' || q.name)
          ) AS x ON true
          LEFT JOIN messages m USING (message_key)
         WHERE q.name = ANY ($1::text[])
         GROUP BY q.name, q.kind, q.task) AS c
 WHERE l.name = c.name AND l.kind = c.kind AND l.task = c.task
