-- Received fields of messages $1 from beyond the trust boundary, at most 50 of each: any sender can
-- forge them.
SELECT message_key, left(raw, 1000) AS raw, address
FROM hops
WHERE message_key = ANY ($1::bigint[]) AND NOT trusted AND n < 50
ORDER BY message_key, n
