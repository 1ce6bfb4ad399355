-- Which senders work for several campaigns?
-- days integer 7: days before the newest mail
SELECT m.sender, count(DISTINCT b.campaign_id) AS campaigns, count(*) AS messages, array_agg(DISTINCT b.campaign_id) AS list
  FROM messages_v m
  JOIN campaign_members b USING (message_key)
 WHERE m.received_at > :newest - make_interval(days => :days) AND m.sender IS NOT NULL
 GROUP BY m.sender
HAVING count(DISTINCT b.campaign_id) > 1
 ORDER BY campaigns DESC, messages DESC, m.sender
 LIMIT 50
