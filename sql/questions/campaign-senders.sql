-- Which networks does a campaign send from?
-- campaign campaign c1: the campaign
SELECT n.prefix AS netblock, n.owner, n.country, sum(s.messages)::bigint AS messages, count(*) AS senders, min(s.first_seen) AS first_seen, max(s.last_seen) AS last_seen
  FROM (SELECT value::inet AS sender, messages, first_seen, last_seen
          FROM campaign_values_v
         WHERE campaign_id = :campaign AND kind = 'sender'
         ORDER BY messages DESC
         LIMIT 1000) AS s
  LEFT JOIN LATERAL netblock_at(s.sender, now()) AS n ON true
 GROUP BY n.prefix, n.owner, n.country
 ORDER BY messages DESC, n.prefix
 LIMIT 50
