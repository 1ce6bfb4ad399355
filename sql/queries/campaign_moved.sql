-- Moves messages $1 to campaigns $2 and spamruns $3 (0: none) with confidence $4 in run $5. A row
-- keeps the run that put the message into its campaign.
UPDATE memberships AS b
   SET campaign_id = nullif(n.campaign_id, 0),
       spamrun_id = nullif(n.spamrun_id, 0),
       confidence = CASE WHEN n.campaign_id <> 0 THEN n.confidence END,
       run_id = CASE WHEN b.campaign_id IS DISTINCT FROM nullif(n.campaign_id, 0) OR b.assigned_at IS NOT NULL THEN $5 ELSE b.run_id END,
       assigned_at = NULL
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::real[]) AS n (message_key, campaign_id, spamrun_id, confidence)
 WHERE b.message_key = n.message_key
