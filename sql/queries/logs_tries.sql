-- The recipients of spamrun $1.
SELECT r.at, d.server, r.address AS recipient, r.verdict, r.reason, k.kind, k.made_from, k.sure, coalesce(d.helo, m.helo) AS helo,
       coalesce(d.reverse_name, m.reverse_name) AS reverse, d.message_key IS NOT NULL AS stored
  FROM deliveries d
  JOIN recipients r ON r.delivery_key = d.delivery_key
  LEFT JOIN messages m ON m.message_key = d.message_key
  LEFT JOIN recipient_kinds k ON k.address = lower(left(r.address, 320))
 WHERE d.spamrun_id = $1
UNION ALL
SELECT m.received_at, m.accepted_by, a.address, 'accepted', NULL, k.kind, k.made_from, k.sure, m.helo, m.reverse_name, true
  FROM memberships b
  JOIN messages m ON m.message_key = b.message_key
  LEFT JOIN message_deliveries j ON j.message_key = m.message_key
  LEFT JOIN unnest(m.recipients) AS a (address) ON true
  LEFT JOIN recipient_kinds k ON k.address = lower(left(a.address, 320))
 WHERE b.spamrun_id = $1 AND j.message_key IS NULL
 ORDER BY 1, 3
