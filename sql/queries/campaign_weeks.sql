-- Members of campaign $1 by week (Monday, UTC).
SELECT date_trunc('week', received_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS week, count(*) AS messages
FROM memberships
WHERE campaign_id = $1 AND received_at IS NOT NULL
GROUP BY 1
ORDER BY 1
