-- What would a reader of a campaign click?
-- campaign campaign c1: the campaign
SELECT p.host, p.path_template, count(DISTINCT p.message_key) AS messages, min(p.url) AS example, min(p.shared) AS shared
  FROM campaign_members b
  JOIN landing_pages_v p USING (message_key)
 WHERE b.campaign_id = :campaign
 GROUP BY p.host, p.path_template
 ORDER BY messages DESC, p.host, p.path_template
 LIMIT 50
