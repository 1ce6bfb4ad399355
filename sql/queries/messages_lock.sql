-- Locks the messages $1, in the order of keys, so that two imports do not deadlock.
SELECT message_key, sha256, import_id, ham
  FROM messages
 WHERE message_key = ANY ($1::bigint[])
 ORDER BY message_key
   FOR UPDATE
