-- Events of a campaign, oldest first.
SELECT r.finished_at AS at, e.run_id, e.event, coalesce(e.other_id, 0) AS other_id, e.messages
FROM campaign_events e
JOIN correlations r USING (run_id)
WHERE e.campaign_id = $1
ORDER BY e.run_id, e.n
