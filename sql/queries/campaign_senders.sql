-- The $2 addresses that sent most members of campaign $1, with their other mail.
WITH mine AS (
    SELECT value_raw::inet AS sender, messages, first_seen, last_seen, details
    FROM campaign_values_v
    WHERE number = $1 AND kind = 'sender' AND place <= coalesce($2::bigint, 9223372036854775807)
)
SELECT mine.sender, mine.messages, coalesce(mine.first_seen, '0001-01-01 00:00:00Z') AS first_seen, coalesce(mine.last_seen, '0001-01-01 00:00:00Z') AS last_seen,
       coalesce(mine.details[1], '') AS helo, coalesce(mine.details[2]::bigint, 0) AS helos, coalesce(mine.details[3], '') AS reverse_name, e.sent - e.ham AS spam, e.ham
FROM mine
-- Both numbers come from indexes alone.
CROSS JOIN LATERAL (
    SELECT (SELECT count(*) FROM messages m WHERE m.sender = mine.sender) AS sent, (SELECT count(*) FROM messages m WHERE m.sender = mine.sender AND m.ham) AS ham
) e
ORDER BY messages DESC, sender
