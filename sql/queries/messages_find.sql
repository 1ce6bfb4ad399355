-- Messages with the Message-ID $1, or with a key between $2 and $3 and a hash that begins with $4 in
-- hex.
SELECT message_key, sha256, ham
  FROM messages
 WHERE message_id = $1 OR message_key BETWEEN $2 AND $3 AND starts_with(encode(sha256, 'hex'), $4)
 ORDER BY sha256
 LIMIT 1000
