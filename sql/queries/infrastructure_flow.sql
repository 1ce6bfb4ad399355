-- Number of members of campaign $1 from each of the addresses $2 with a link to each of the domains
-- $3.
SELECT m.sender, coalesce(u.domain, u.host) AS domain, count(DISTINCT m.message_key) AS messages
  FROM messages m
  JOIN urls u USING (message_key)
 WHERE m.sender = ANY ($2::inet[]) AND coalesce(u.domain, u.host) = ANY ($3::text[])
   AND (SELECT b.campaign_id FROM memberships b WHERE b.message_key = m.message_key) = $1
 GROUP BY 1, 2
 ORDER BY messages DESC, 1, 2
