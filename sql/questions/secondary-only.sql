-- Who came to a secondary mail exchanger only?
-- days integer 7: days before the newest mail
-- priority integer 20: priority of that exchanger (collector own-mx)
SELECT m.sender, count(*) AS messages, min(m.received_at) AS first_seen, count(DISTINCT b.campaign_id) AS campaigns, min(m.subject) AS subject
  FROM messages_v m
  LEFT JOIN campaign_members b USING (message_key)
 WHERE m.received_at > :newest - make_interval(days => :days)
 GROUP BY m.sender
HAVING min(m.mx_priority) >= :priority
 ORDER BY messages DESC, m.sender
 LIMIT 50
