-- Which campaigns send more than in the time before?
-- days integer 7: days before the newest mail
WITH counts AS (
    SELECT b.campaign_id, count(*) FILTER (WHERE b.received_at > :newest - make_interval(days => :days)) AS now,
           count(*) FILTER (WHERE b.received_at <= :newest - make_interval(days => :days)) AS before
      FROM campaign_members b
     WHERE b.received_at > :newest - make_interval(days => 2 * :days)
     GROUP BY b.campaign_id
)
SELECT campaign_id, n.now, n.before, c.messages AS ever, c.top_subject
  FROM counts n
  JOIN campaigns_v c USING (campaign_id)
 WHERE n.now > n.before
 ORDER BY n.now - n.before DESC, campaign_id
 LIMIT 50
