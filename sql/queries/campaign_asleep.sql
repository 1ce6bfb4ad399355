-- Campaigns that were asleep after the last run.
SELECT campaign_id FROM (
    SELECT DISTINCT ON (campaign_id) campaign_id, event FROM campaign_events
    WHERE event IN ('slept', 'woke') ORDER BY campaign_id, run_id DESC, n DESC) AS last WHERE event = 'slept'
