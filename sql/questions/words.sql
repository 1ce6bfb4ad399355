-- Which campaigns say these words?
-- words text verify account: words that must all be there, in any order
SELECT coalesce(b.campaign_id, '-') AS campaign, count(*) AS messages, min(t.received_at) AS first_seen, max(t.received_at) AS last_seen
  FROM (SELECT * FROM texts_v WHERE words @@ text_query(:words) LIMIT 5000) AS t
  LEFT JOIN campaign_members b USING (message_key)
 GROUP BY 1
 ORDER BY messages DESC, campaign
 LIMIT 50
