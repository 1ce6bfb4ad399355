-- Which campaigns link to a domain?
-- domain text shop.example: a registered domain
SELECT d.campaign_id, d.messages, d.first_seen, d.last_seen, c.messages AS of_all, c.top_subject
  FROM campaign_domains_v d
  JOIN campaigns_v c USING (campaign_id)
 WHERE d.domain = :domain
 ORDER BY d.messages DESC, d.campaign_id
