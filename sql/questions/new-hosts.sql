-- Which domains does spam link to that no mail linked to before?
-- slow: it looks up each domain of a week of mail, 19,000 of a million messages
-- days integer 7: days before the newest mail
WITH seen AS (
    SELECT u.domain, count(DISTINCT u.message_key) AS messages, min(u.received_at) AS first_seen, min(b.campaign_id) AS campaign, min(u.shared) AS shared
      FROM urls_v u
      LEFT JOIN campaign_members b USING (message_key)
     WHERE u.received_at > :newest - make_interval(days => :days) AND u.class = 'spam' AND u.domain IS NOT NULL
     GROUP BY u.domain
)
SELECT domain, messages, first_seen, campaign, shared
  FROM seen s
 -- OFFSET 0 makes the server look up each domain, in place of reading all links.
 WHERE NOT EXISTS (SELECT FROM urls_v o WHERE o.domain = s.domain AND o.received_at <= :newest - make_interval(days => :days) OFFSET 0)
 ORDER BY messages DESC, first_seen, domain
 LIMIT 50
