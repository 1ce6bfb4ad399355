-- Hops of messages $1 that our own servers did not write.
SELECT message_key, left(raw, 1000) AS raw, address
FROM hops
WHERE message_key = ANY ($1::bigint[]) AND NOT trusted AND n < 50
ORDER BY message_key, n
