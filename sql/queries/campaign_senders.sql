-- The $2 sender addresses of most members of campaign $1, and their other mail.
WITH mine AS (
    SELECT m.sender, count(*) AS messages, count(DISTINCT m.helo) AS helos, coalesce(min(m.helo), '') AS helo,
           coalesce(max(m.reverse_name), '') AS reverse_name, coalesce(min(m.received_at), '0001-01-01 00:00:00Z') AS first_seen,
           coalesce(max(m.received_at), '0001-01-01 00:00:00Z') AS last_seen
    FROM memberships b
    JOIN messages m USING (message_key)
    WHERE b.campaign_id = $1 AND m.sender IS NOT NULL
    GROUP BY m.sender
    ORDER BY messages DESC, m.sender
    LIMIT $2
)
SELECT mine.*, e.spam, e.ham
FROM mine
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE NOT m.ham) AS spam, count(*) FILTER (WHERE m.ham) AS ham FROM messages m WHERE m.sender = mine.sender
) e
ORDER BY messages DESC, sender
