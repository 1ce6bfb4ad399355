-- Messages that are in another campaign than before, by arrays: key, campaign. $3 is the run.
INSERT INTO memberships AS b (message_key, campaign_id, run_id)
SELECT key, campaign, $3
FROM unnest($1::bigint[], $2::bigint[]) AS n (key, campaign)
ON CONFLICT (message_key) DO UPDATE SET campaign_id = excluded.campaign_id, run_id = excluded.run_id
