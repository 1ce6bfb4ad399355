-- Files of message $1.
SELECT n, coalesce(name, '') AS name, coalesce(media_type, '') AS media_type, coalesce(sniffed, '') AS sniffed, size, coalesce(encode(sha256, 'hex'), '') AS sha256
FROM parts
WHERE message_key = $1 AND attachment
ORDER BY n
