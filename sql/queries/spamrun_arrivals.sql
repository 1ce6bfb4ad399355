-- Spam whose arrival at our own servers is known: message, sender, seconds of Unix time.
SELECT message_key, sender, floor(extract(epoch FROM received_at))::bigint AS at
FROM messages
WHERE NOT ham AND sender IS NOT NULL AND received_at IS NOT NULL
