-- Which files does a campaign bring?
-- campaign campaign c1: the campaign
SELECT value AS attachment_sha256, details AS names, messages, first_seen, last_seen
  FROM campaign_values_v
 WHERE campaign_id = :campaign AND kind = 'attachment'
 ORDER BY messages DESC, value
 LIMIT 50
