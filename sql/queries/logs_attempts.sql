-- Transactions from outside, and messages of which no log tells.
SELECT d.delivery_key, d.message_key, coalesce(j.messages, 0) AS messages, d.sender,
       extract(epoch FROM date_trunc('second', t.at))::bigint AS at, extract(epoch FROM date_trunc('second', t.until))::bigint AS until,
       d.return_path, coalesce(d.helo, m.helo) AS helo, coalesce(d.reverse_name, m.reverse_name) AS reverse_name, d.server, m.ham, t.addresses, t.verdicts
  FROM deliveries d
  JOIN (SELECT delivery_key, min(at) AS at, max(at) AS until, array_agg(lower(left(coalesce(address, ''), 320)) ORDER BY n) AS addresses,
               array_agg(verdict ORDER BY n) AS verdicts
          FROM recipients WHERE at IS NOT NULL GROUP BY 1) AS t ON t.delivery_key = d.delivery_key
  LEFT JOIN (SELECT delivery_key, count(*) AS messages FROM message_deliveries GROUP BY 1) AS j ON j.delivery_key = d.delivery_key
  LEFT JOIN messages m ON m.message_key = d.message_key
 WHERE d.sender IS NOT NULL AND d.direction = 'in'
UNION ALL
SELECT NULL, m.message_key, 1, m.sender, extract(epoch FROM date_trunc('second', m.received_at))::bigint, extract(epoch FROM date_trunc('second', m.received_at))::bigint,
       m.return_path, m.helo, m.reverse_name, m.accepted_by, m.ham,
       ARRAY(SELECT lower(left(a, 320)) FROM unnest(m.recipients) AS a), array_fill('accepted'::text, ARRAY[coalesce(cardinality(m.recipients), 0)])
  FROM messages m
  LEFT JOIN message_deliveries j ON j.message_key = m.message_key
 WHERE j.message_key IS NULL AND m.sender IS NOT NULL AND m.received_at IS NOT NULL AND NOT m.ham
