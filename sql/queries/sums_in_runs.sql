-- Counts the messages of campaigns that are part of a spamrun. Spamruns of logs are written after the campaigns.
UPDATE campaign_sums c
   SET in_runs = s.in_runs
  FROM (SELECT campaign_id, count(spamrun_id) AS in_runs FROM memberships WHERE campaign_id IS NOT NULL GROUP BY campaign_id) AS s
 WHERE c.campaign_id = s.campaign_id AND c.in_runs <> s.in_runs
