-- Attachments of messages $1 by hash and name. Hashes of up to 64 bytes are left out, because such
-- files agree by chance.
SELECT message_key, coalesce(CASE WHEN size > 64 THEN encode(sha256, 'hex') END, '') AS hash, coalesce(left(name, 200), '') AS name
FROM parts
WHERE message_key = ANY ($1::bigint[]) AND n < 200 AND attachment
ORDER BY message_key, n
