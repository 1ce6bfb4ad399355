-- Where do the words that a reader sees name another place than the link?
-- days integer 7: days before the newest mail
SELECT u.visible, u.domain, count(DISTINCT u.message_key) AS messages, min(u.received_at) AS first_seen
  FROM urls_v u
 WHERE u.received_at > :newest - make_interval(days => :days) AND 'visible-mismatch' = ANY (u.notes)
 GROUP BY u.visible, u.domain
 ORDER BY messages DESC, u.visible, u.domain
 LIMIT 50
