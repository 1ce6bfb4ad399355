-- Incoming transactions, and messages without a log, by sender and time, with their present spamrun.
WITH helos AS (
    SELECT helo, count(DISTINCT sender) AS senders
      FROM (SELECT helo, sender FROM deliveries WHERE helo IS NOT NULL
            UNION ALL
            SELECT helo, sender FROM messages WHERE helo IS NOT NULL) AS h
     GROUP BY 1
    HAVING count(DISTINCT sender) > 1
), mails AS (
    SELECT d.delivery_key, d.message_key, coalesce(j.messages, 0) AS messages, d.sender,
           extract(epoch FROM date_trunc('second', t.at))::bigint AS at, extract(epoch FROM date_trunc('second', t.until))::bigint AS until,
           d.return_path, coalesce(d.helo, m.helo) AS helo, coalesce(d.reverse_name, m.reverse_name) AS reverse_name, d.server, m.ham, d.spamrun_id,
           b.spamrun_id AS message_run, t.addresses, t.verdicts, t.kinds, t.sure
      FROM deliveries d
      JOIN (SELECT r.delivery_key, min(r.at) AS at, max(r.at) AS until, array_agg(lower(left(coalesce(r.address, ''), 320)) ORDER BY r.n) AS addresses,
                   array_agg(r.verdict ORDER BY r.n) AS verdicts, array_agg(coalesce(k.kind, '') ORDER BY r.n) AS kinds, array_agg(coalesce(k.sure, 0) ORDER BY r.n) AS sure
              FROM recipients r
              LEFT JOIN recipient_kinds k ON k.address = lower(left(r.address, 320))
             WHERE r.at IS NOT NULL
             GROUP BY 1) AS t ON t.delivery_key = d.delivery_key
      LEFT JOIN (SELECT delivery_key, count(*) AS messages FROM message_deliveries GROUP BY 1) AS j ON j.delivery_key = d.delivery_key
      LEFT JOIN messages m ON m.message_key = d.message_key
      LEFT JOIN memberships b ON b.message_key = d.message_key
     WHERE d.sender IS NOT NULL AND d.direction = 'in'
    UNION ALL
    SELECT NULL, m.message_key, 1, m.sender, extract(epoch FROM date_trunc('second', m.received_at))::bigint,
           extract(epoch FROM date_trunc('second', m.received_at))::bigint, m.return_path, m.helo, m.reverse_name, m.accepted_by, m.ham, NULL, b.spamrun_id,
           t.addresses, array_fill('accepted'::text, ARRAY[coalesce(cardinality(t.addresses), 0)]), t.kinds, t.sure
      FROM messages m
      LEFT JOIN message_deliveries j ON j.message_key = m.message_key
      LEFT JOIN memberships b ON b.message_key = m.message_key
      LEFT JOIN LATERAL (SELECT array_agg(lower(left(a.address, 320)) ORDER BY a.n) AS addresses, array_agg(coalesce(k.kind, '') ORDER BY a.n) AS kinds,
                                array_agg(coalesce(k.sure, 0) ORDER BY a.n) AS sure
                           FROM unnest(m.recipients) WITH ORDINALITY AS a (address, n)
                           LEFT JOIN recipient_kinds k ON k.address = lower(left(a.address, 320))) AS t ON true
     WHERE j.message_key IS NULL AND m.sender IS NOT NULL AND m.received_at IS NOT NULL AND NOT m.ham
)
SELECT a.*, coalesce(h.senders, 1) AS helo_senders
  FROM mails a
  LEFT JOIN helos h ON h.helo = a.helo
 ORDER BY a.sender, a.at, a.delivery_key, a.message_key
