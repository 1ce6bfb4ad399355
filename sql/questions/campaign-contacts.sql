-- Which mail addresses, phone numbers and wallets does a campaign give to its readers?
-- slow: it reads every message of the campaign, 23,000 in the largest of a million messages
-- campaign campaign c1: the campaign
SELECT c.kind, c.value, count(DISTINCT c.message_key) AS messages, min(c.received_at) AS first_seen, max(c.received_at) AS last_seen
  FROM campaign_members b
  JOIN contacts_v c USING (message_key)
 WHERE b.campaign_id = :campaign
 GROUP BY c.kind, c.value
 ORDER BY messages DESC, c.value
 LIMIT 50
