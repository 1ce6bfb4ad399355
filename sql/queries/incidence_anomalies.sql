-- Codes of the anomalies of messages $1.
SELECT message_key, code
FROM anomalies
WHERE message_key = ANY ($1::bigint[]) AND n < 100
ORDER BY message_key, n
