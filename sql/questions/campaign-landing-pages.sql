-- What would a reader of a campaign click, in its newest 1,000 messages?
-- campaign campaign c1: the campaign
SELECT p.host, p.path_template, count(DISTINCT p.message_key) AS messages, min(p.url) AS example, min(p.shared) AS shared
  FROM (SELECT message_key FROM campaign_members WHERE campaign_id = :campaign ORDER BY received_at DESC NULLS LAST LIMIT 1000) AS b
  JOIN landing_pages_v p USING (message_key)
 GROUP BY p.host, p.path_template
 ORDER BY messages DESC, p.host, p.path_template
 LIMIT 50
