-- Places from which message $1 was read.
SELECT s.path, coalesce(p.name, '') AS name, p.byte_offset
FROM places p
LEFT JOIN sources s USING (source_key)
WHERE p.message_key = $1
ORDER BY p.import_id, s.path, p.name, p.byte_offset
LIMIT 20
