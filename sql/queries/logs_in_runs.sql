-- Sets the spamruns $2 (0: none) of transactions $1.
UPDATE deliveries d SET spamrun_id = nullif(f.spamrun_id, 0)
  FROM unnest($1::bigint[], $2::bigint[]) AS f (delivery_key, spamrun_id)
 WHERE d.delivery_key = f.delivery_key
