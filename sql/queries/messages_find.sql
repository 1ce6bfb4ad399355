SELECT message_key, sha256, ham
  FROM messages
 WHERE message_id = $1 OR message_key BETWEEN $2 AND $3 AND starts_with(encode(sha256, 'hex'), $4)
 ORDER BY sha256
 LIMIT 1000
