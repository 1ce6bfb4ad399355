-- Number of members of campaign $1 from each of the addresses $2 with a link to each of the domains
-- $3.
SELECT m.sender, coalesce(u.domain, u.host) AS domain, count(DISTINCT m.message_key) AS messages
  FROM (SELECT a.message_key, a.sender
          FROM messages a
         CROSS JOIN LATERAL (SELECT b.campaign_id FROM memberships b WHERE b.message_key = a.message_key LIMIT 1) b
         WHERE a.sender = ANY ($2::inet[]) AND b.campaign_id = $1
        OFFSET 0) m -- The senders' mail is reduced to the campaign's before its links are read.
  JOIN urls u USING (message_key)
 WHERE coalesce(u.domain, u.host) = ANY ($3::text[])
 GROUP BY 1, 2
 ORDER BY messages DESC, 1, 2
