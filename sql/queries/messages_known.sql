-- Which of the keys $1 are taken, each with the hash of its message. rawless: the caller keeps raw
-- bytes ($2), and those of the message are not stored.
SELECT m.message_key, m.sha256, m.extractor, $2 AND NOT EXISTS (SELECT FROM raw r WHERE r.message_key = m.message_key) AS rawless, m.ham
  FROM messages m
 WHERE m.message_key = ANY ($1::bigint[])
UNION ALL
-- The key of a forgotten message stays taken, so that the search for a free key goes past it. Its
-- hash of zeros equals that of no message.
SELECT k.message_key, decode(repeat('00', 32), 'hex'), 0, false, false
  FROM skipped_keys k
 WHERE k.message_key = ANY ($1)
   AND NOT EXISTS (SELECT FROM messages m WHERE m.message_key = k.message_key)
