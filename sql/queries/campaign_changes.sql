-- Events of campaigns in the runs that ended since $1, by campaign, event and other campaign.
SELECT e.campaign_id, e.event, coalesce(e.other_id, 0) AS other_id, sum(e.messages)::bigint AS messages
FROM campaign_events e
JOIN correlations r USING (run_id)
WHERE r.finished_at >= $1
GROUP BY e.campaign_id, e.event, e.other_id
ORDER BY messages DESC, e.campaign_id, e.other_id
