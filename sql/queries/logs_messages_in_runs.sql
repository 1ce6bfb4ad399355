UPDATE memberships b SET spamrun_id = n.spamrun_id
  FROM (SELECT c.message_key, f.spamrun_id
          FROM memberships c
          LEFT JOIN unnest($1::bigint[], $2::bigint[]) AS f (message_key, spamrun_id) ON f.message_key = c.message_key
         WHERE c.campaign_id IS NOT NULL OR f.message_key IS NOT NULL) AS n
 WHERE b.message_key = n.message_key AND b.spamrun_id IS DISTINCT FROM n.spamrun_id
