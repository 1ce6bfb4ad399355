-- The $2 commonest subjects of campaign $1, and how many distinct ones there are.
SELECT coalesce(m.subject, '') AS subject, count(*) AS messages, count(*) OVER () AS subjects
FROM memberships b
JOIN messages m USING (message_key)
WHERE b.campaign_id = $1
GROUP BY m.subject
ORDER BY messages DESC, subject
LIMIT $2
