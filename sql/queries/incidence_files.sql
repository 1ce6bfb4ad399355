-- Attachments of messages $1, by hash and name. What is very small is in many of them by chance.
SELECT message_key, CASE WHEN size > 64 THEN encode(sha256, 'hex') END, left(name, 200)
FROM parts
WHERE message_key = ANY ($1::bigint[]) AND n < 200 AND attachment
ORDER BY message_key, n
