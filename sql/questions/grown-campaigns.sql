-- Which campaigns send more than in the time before?
-- slow: it reads two weeks of mail, 38,000 of a million messages
-- days integer 7: days before the newest mail
WITH counts AS (
    SELECT b.campaign_id, count(*) FILTER (WHERE m.received_at > :newest - make_interval(days => :days)) AS now,
           count(*) FILTER (WHERE m.received_at <= :newest - make_interval(days => :days)) AS before
      FROM messages_v m
      JOIN campaign_members b USING (message_key)
     WHERE m.received_at > :newest - make_interval(days => 2 * :days)
     GROUP BY b.campaign_id
)
SELECT campaign_id, n.now, n.before, c.messages AS ever, c.top_subject
  FROM counts n
  JOIN campaigns_v c USING (campaign_id)
 WHERE n.now > n.before
 ORDER BY n.now - n.before DESC, campaign_id
 LIMIT 50
