-- In which bursts did a campaign send, and what did our servers say?
-- campaign campaign c1: the campaign
SELECT r.spamrun_id, r.sender, r.started_at, r.ended_at, r.messages, r.attempts, r.refused, r.recipients, r.broken_recipients
  FROM spamruns_v r
 WHERE r.spamrun_id IN (SELECT b.spamrun_id FROM campaign_members b WHERE b.campaign_id = :campaign)
 ORDER BY greatest(r.messages, r.attempts) DESC, r.started_at, r.spamrun_id
 LIMIT 50
