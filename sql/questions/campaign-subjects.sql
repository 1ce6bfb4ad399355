-- What does a campaign say, in its own subjects?
-- slow: it reads every message of the campaign, 23,000 in the largest of a million messages
-- campaign campaign c1: the campaign
SELECT m.subject, count(*) AS messages, min(m.received_at) AS first_seen, max(m.received_at) AS last_seen
  FROM campaign_members b
  JOIN messages_v m USING (message_key)
 WHERE b.campaign_id = :campaign
 GROUP BY m.subject
 ORDER BY messages DESC, m.subject
 LIMIT 50
