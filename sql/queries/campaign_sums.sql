-- Totals of campaign $1.
SELECT messages, in_runs, senders, subjects, coalesce(first_seen, '0001-01-01 00:00:00Z') AS first_seen, coalesce(last_seen, '0001-01-01 00:00:00Z') AS last_seen,
       (SELECT count(*) FROM campaign_domains WHERE campaign_id = $1) AS domains
FROM campaign_sums
WHERE campaign_id = $1
