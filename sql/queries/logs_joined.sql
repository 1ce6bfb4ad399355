-- Sets the message of the transactions $1: of several, the one with the least key.
UPDATE deliveries d SET message_key = j.message_key
  FROM (SELECT delivery_key, min(message_key) AS message_key FROM message_deliveries WHERE delivery_key = ANY($1::bigint[]) GROUP BY 1) AS j
 WHERE d.delivery_key = j.delivery_key AND d.message_key IS DISTINCT FROM j.message_key
