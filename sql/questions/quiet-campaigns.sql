-- Which large campaigns have gone quiet?
-- days integer 30: days without a message, before the newest mail
SELECT campaign_id, messages, first_seen, last_seen, top_subject, top_link_domains
  FROM campaigns_v
 WHERE last_seen < :newest - make_interval(days => :days)
 ORDER BY messages DESC, campaign_id
 LIMIT 50
