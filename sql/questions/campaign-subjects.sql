-- What does a campaign say, in its own subjects?
-- campaign campaign c1: the campaign
SELECT value AS subject, messages, first_seen, last_seen
  FROM campaign_values_v
 WHERE campaign_id = :campaign AND kind = 'subject'
 ORDER BY messages DESC, value
 LIMIT 50
