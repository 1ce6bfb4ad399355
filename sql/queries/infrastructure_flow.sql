-- How many members of campaign $1 came from each of the addresses $2 and link to each of the domains $3.
SELECT m.sender, coalesce(u.domain, u.host) AS domain, count(DISTINCT m.message_key) AS messages
  FROM memberships b
  JOIN messages m USING (message_key)
  JOIN urls u USING (message_key)
 WHERE b.campaign_id = $1 AND m.sender = ANY ($2::inet[]) AND coalesce(u.domain, u.host) = ANY ($3::text[])
 GROUP BY 1, 2
 ORDER BY messages DESC, 1, 2
