-- Issues of publishers $1, newest first, at most $2.
SELECT encode(m.sha256, 'hex') AS sha256, coalesce(m.message_id, '') AS message_id, coalesce(m.received_at, '0001-01-01 00:00:00Z') AS received_at,
       coalesce(m.from_address, '') AS from_address, coalesce(m.subject, '') AS subject, m.sender
FROM publisher_issues i
JOIN messages m USING (message_key)
WHERE i.publisher_id = ANY ($1::bigint[])
ORDER BY m.received_at DESC NULLS LAST, m.message_key
LIMIT $2
