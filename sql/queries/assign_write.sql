-- Writes memberships by arrays: message, campaign, confidence. $4 is the run, $5 the time. It leaves
-- messages that are in a campaign already.
INSERT INTO memberships AS b (message_key, campaign_id, confidence, run_id, assigned_at, received_at)
SELECT message_key, n.campaign_id, n.confidence, $4, $5, m.received_at
FROM unnest($1::bigint[], $2::bigint[], $3::real[]) AS n (message_key, campaign_id, confidence)
LEFT JOIN messages m USING (message_key)
ON CONFLICT (message_key) DO UPDATE
SET campaign_id = excluded.campaign_id, confidence = excluded.confidence, run_id = excluded.run_id, assigned_at = excluded.assigned_at
WHERE b.campaign_id IS NULL
