-- Attachments of the messages with keys from $1 to $2, by hash.
SELECT message_key, encode(sha256, 'hex') AS hash
FROM parts
WHERE message_key BETWEEN $1 AND $2 AND n < 200 AND attachment AND sha256 IS NOT NULL AND size > 64
ORDER BY message_key, n
