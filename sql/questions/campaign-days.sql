-- When did a campaign send?
-- slow: it reads every message of the campaign, 23,000 in the largest of a million messages
-- campaign campaign c1: the campaign
SELECT m.received_at::date AS day, count(*) AS messages, count(DISTINCT m.sender) AS senders, count(DISTINCT m.subject) AS subjects
  FROM campaign_members b
  JOIN messages_v m USING (message_key)
 WHERE b.campaign_id = :campaign
 GROUP BY 1
 ORDER BY 1
