-- Which files does a campaign bring?
-- slow: it reads every message of the campaign, 23,000 in the largest of a million messages
-- campaign campaign c1: the campaign
SELECT a.attachment_sha256, min(a.name) AS name, min(a.sniffed) AS sniffed, count(DISTINCT a.message_key) AS messages, min(a.received_at) AS first_seen
  FROM campaign_members b
  JOIN attachments_v a USING (message_key)
 WHERE b.campaign_id = :campaign
 GROUP BY a.attachment_sha256
 ORDER BY messages DESC, a.attachment_sha256
 LIMIT 50
