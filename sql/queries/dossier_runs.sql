-- Spamruns with members of campaign $1.
SELECT s.sender, s.started_at AS start, s.ended_at AS "end", s.messages
  FROM spamruns s
 WHERE s.spamrun_id IN (SELECT b.spamrun_id FROM memberships b WHERE b.campaign_id = $1)
 ORDER BY s.started_at, s.spamrun_id
