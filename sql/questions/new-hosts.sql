-- Which domains does spam link to that no mail linked to before?
-- days integer 7: days before the newest mail
SELECT u.domain, count(DISTINCT u.message_key) AS messages, min(u.received_at) AS first_seen, min(b.campaign_id) AS campaign, min(u.shared) AS shared
  FROM urls_v u
  LEFT JOIN campaign_members b USING (message_key)
 WHERE u.received_at > :newest - make_interval(days => :days)
   AND u.class = 'spam' AND u.domain IS NOT NULL
   AND NOT EXISTS (SELECT FROM urls_v o
                    WHERE o.domain = u.domain AND o.received_at <= :newest - make_interval(days => :days))
 GROUP BY u.domain
 ORDER BY messages DESC, first_seen
 LIMIT 50
