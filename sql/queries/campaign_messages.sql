-- Members of campaign $1, newest first: $2 of them after the first $3.
SELECT encode(m.sha256, 'hex') AS sha256, coalesce(m.message_id, '') AS message_id, coalesce(m.received_at, '0001-01-01 00:00:00Z') AS received_at,
       coalesce(m.from_address, '') AS from_address, coalesce(m.subject, '') AS subject, m.sender
FROM (
    SELECT message_key, received_at
    FROM memberships
    WHERE campaign_id = $1
    ORDER BY received_at DESC NULLS LAST, message_key
    LIMIT $2 OFFSET $3
) b
JOIN messages m USING (message_key)
ORDER BY b.received_at DESC NULLS LAST, message_key
