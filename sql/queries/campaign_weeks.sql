-- Members of campaign $1 by week (Monday, UTC).
SELECT date_trunc('week', m.received_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS week, count(*) AS messages
FROM memberships b
JOIN messages m USING (message_key)
WHERE b.campaign_id = $1 AND m.received_at IS NOT NULL
GROUP BY 1
ORDER BY 1
