-- Which bursts did our servers refuse most of?
-- days integer 7: days before the newest mail
SELECT spamrun_id, sender, started_at, attempts, refused, recipients, broken_recipients, target_domains
  FROM spamruns_v
 WHERE started_at > :newest - make_interval(days => :days) AND refused > attempts / 2
 ORDER BY attempts DESC, spamrun_id
 LIMIT 50
