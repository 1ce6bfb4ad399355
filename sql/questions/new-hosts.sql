-- Which domains does spam link to that no mail linked to before (after collector enrich)?
-- days integer 7: days before the newest mail
SELECT d.domain, d.messages, d.first_mail, c.campaigns
  FROM domains_v d
  LEFT JOIN LATERAL (SELECT array_agg(x.campaign_id ORDER BY x.messages DESC, x.campaign_id) AS campaigns FROM campaign_domains_v x WHERE x.domain = d.domain) AS c ON true
 WHERE d.first_mail > :newest - make_interval(days => :days) AND d.messages > d.ham
 ORDER BY d.messages DESC, d.first_mail, d.domain
 LIMIT 50
