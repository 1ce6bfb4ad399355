-- The $2 addresses that sent most members of campaign $1, with their other mail.
WITH mine AS (
    SELECT value_raw::inet AS sender, messages, first_seen, last_seen
    FROM campaign_values_v
    WHERE number = $1 AND kind = 'sender'
    ORDER BY messages DESC, sender
    LIMIT $2
)
SELECT mine.sender, mine.messages, coalesce(mine.first_seen, '0001-01-01 00:00:00Z') AS first_seen, coalesce(mine.last_seen, '0001-01-01 00:00:00Z') AS last_seen,
       e.helos, coalesce(e.helo, '') AS helo, coalesce(e.reverse_name, '') AS reverse_name, e.spam, e.ham
FROM mine
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE NOT m.ham) AS spam, count(*) FILTER (WHERE m.ham) AS ham,
           count(DISTINCT m.helo) FILTER (WHERE m.member) AS helos, min(m.helo) FILTER (WHERE m.member) AS helo, max(m.reverse_name) FILTER (WHERE m.member) AS reverse_name
    FROM (SELECT a.ham, a.helo, a.reverse_name, (SELECT b.campaign_id FROM memberships b WHERE b.message_key = a.message_key) = $1 AS member
            FROM messages a WHERE a.sender = mine.sender) m
) e
ORDER BY messages DESC, sender
