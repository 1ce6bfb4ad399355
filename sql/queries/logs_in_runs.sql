UPDATE deliveries d SET spamrun_id = n.spamrun_id
  FROM (SELECT b.delivery_key, f.spamrun_id
          FROM deliveries b
          LEFT JOIN unnest($1::bigint[], $2::bigint[]) AS f (delivery_key, spamrun_id) ON f.delivery_key = b.delivery_key
         WHERE b.spamrun_id IS NOT NULL OR f.delivery_key IS NOT NULL) AS n
 WHERE d.delivery_key = n.delivery_key AND d.spamrun_id IS DISTINCT FROM n.spamrun_id
