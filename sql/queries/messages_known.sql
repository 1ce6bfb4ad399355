SELECT m.message_key, m.sha256, m.extractor, $2 AND NOT EXISTS (SELECT FROM raw r WHERE r.message_key = m.message_key) AS rawless
  FROM messages m
 WHERE m.message_key = ANY ($1::bigint[])
