-- Which campaigns are new?
-- days integer 7: days before the newest mail
SELECT campaign_id, messages, senders, first_seen, last_seen, top_subject, top_link_domains
  FROM campaigns_v
 WHERE first_seen > :newest - make_interval(days => :days)
 ORDER BY messages DESC, first_seen
 LIMIT 50
