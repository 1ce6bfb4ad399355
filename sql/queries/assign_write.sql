-- Memberships by arrays: message, campaign, confidence. $4 is the run, $5 the time. A message
-- that is in a campaign stays there.
INSERT INTO memberships AS b (message_key, campaign_id, confidence, run_id, assigned_at)
SELECT message_key, campaign_id, confidence, $4, $5
FROM unnest($1::bigint[], $2::bigint[], $3::real[]) AS n (message_key, campaign_id, confidence)
ON CONFLICT (message_key) DO UPDATE
SET campaign_id = excluded.campaign_id, confidence = excluded.confidence, run_id = excluded.run_id, assigned_at = excluded.assigned_at
WHERE b.campaign_id IS NULL
