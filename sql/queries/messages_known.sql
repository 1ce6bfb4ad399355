SELECT message_key, sha256, extractor
  FROM messages
 WHERE message_key = ANY ($1::bigint[])
