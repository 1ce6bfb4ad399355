-- Which networks does a campaign send from?
-- slow: it reads every message of the campaign, 23,000 in the largest of a million messages
-- campaign campaign c1: the campaign
SELECT n.prefix AS netblock, n.owner, n.country, sum(s.messages) AS messages, count(DISTINCT s.sender) AS senders, min(s.first_seen) AS first_seen, max(s.last_seen) AS last_seen
  FROM (SELECT m.sender, count(*) AS messages, min(m.received_at) AS first_seen, max(m.received_at) AS last_seen
          FROM campaign_members b
          JOIN messages_v m USING (message_key)
         WHERE b.campaign_id = :campaign AND m.sender IS NOT NULL
         GROUP BY m.sender
         ORDER BY messages DESC
         LIMIT 1000) AS s
  LEFT JOIN LATERAL netblock_at(s.sender, now()) AS n ON true
 GROUP BY n.prefix, n.owner, n.country
 ORDER BY messages DESC, n.prefix
 LIMIT 50
