-- The recipients of burst $1 of wanted mail: what its sender sent in that time and is in no
-- spamrun, since the mail of such bursts is not marked.
WITH burst AS (SELECT sender, started_at, ended_at FROM spamruns WHERE spamrun_id = $1 AND wanted)
SELECT r.at, d.server, r.address AS recipient, r.verdict, r.reason, k.kind, k.made_from, k.sure, coalesce(d.helo, m.helo) AS helo,
       coalesce(d.reverse_name, m.reverse_name) AS reverse, d.message_key IS NOT NULL AS stored
  FROM burst b
  JOIN deliveries d ON d.sender = b.sender AND d.spamrun_id IS NULL
  JOIN recipients r ON r.delivery_key = d.delivery_key AND r.at BETWEEN b.started_at AND b.ended_at
  LEFT JOIN messages m ON m.message_key = d.message_key
  LEFT JOIN recipient_kinds k ON k.address = lower(left(r.address, 320))
UNION ALL
SELECT m.received_at, m.accepted_by, a.address, 'accepted', NULL, k.kind, k.made_from, k.sure, m.helo, m.reverse_name, true
  FROM burst b
  JOIN messages m ON m.sender = b.sender AND m.received_at BETWEEN b.started_at AND b.ended_at
  LEFT JOIN memberships s ON s.message_key = m.message_key
  LEFT JOIN message_deliveries j ON j.message_key = m.message_key
  LEFT JOIN unnest(m.recipients) AS a (address) ON true
  LEFT JOIN recipient_kinds k ON k.address = lower(left(a.address, 320))
 WHERE s.spamrun_id IS NULL AND j.message_key IS NULL
 ORDER BY 1, 3
