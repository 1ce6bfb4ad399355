-- Recipients with the pattern $1 (of LIKE), and all recipients of transactions with the pattern or
-- from network $2; at most $3 lines by time.
WITH by_address AS (
    SELECT delivery_key, n FROM recipients WHERE lower(address) LIKE $1
), by_link AS (
    SELECT message_key FROM urls WHERE host LIKE $1
), by_transaction AS (
    SELECT d.delivery_key
      FROM deliveries d
      LEFT JOIN messages m ON m.message_key = d.message_key
     WHERE ($2::inet IS NOT NULL AND d.sender <<= $2)
        OR lower(d.reverse_name) LIKE $1 OR lower(d.helo) LIKE $1 OR lower(d.return_path) LIKE $1 OR lower(d.message_id) LIKE $1
        OR lower(d.queue_id) LIKE $1 OR lower(array_to_string(d.queue_ids, ' ')) LIKE $1
        OR lower(m.subject) LIKE $1 OR lower(m.from_address) LIKE $1
        OR d.message_key IN (SELECT message_key FROM by_link)
), chosen AS (
    SELECT r.delivery_key, r.n
      FROM recipients r
      JOIN by_transaction t ON t.delivery_key = r.delivery_key
    UNION
    SELECT delivery_key, n FROM by_address
), found AS (
    SELECT coalesce(r.at, d.started_at, d.seen_at) AS at, d.origin, d.server, d.file, coalesce(nullif(r.line, 0), d.line) AS line, d.queue_id, d.sender,
           coalesce(d.helo, m.helo) AS helo, d.return_path, r.address AS recipient, r.verdict, r.reason, r.outcome, k.kind, k.made_from, d.message_id, m.subject,
           d.spamrun_id, b.campaign_id AS campaign
      FROM chosen c
      JOIN recipients r ON r.delivery_key = c.delivery_key AND r.n = c.n
      JOIN deliveries d ON d.delivery_key = c.delivery_key
      LEFT JOIN messages m ON m.message_key = d.message_key
      LEFT JOIN memberships b ON b.message_key = d.message_key
      LEFT JOIN recipient_kinds k ON k.address = lower(left(r.address, 320))
    UNION ALL
    SELECT coalesce(m.received_at, m.date), 'message', m.accepted_by, NULL, NULL, h.queue_id, m.sender, m.helo, coalesce(m.return_path, m.from_address),
           array_to_string(m.recipients[1:3], ', '), NULL, NULL, NULL, k.kind, k.made_from, m.message_id, m.subject, b.spamrun_id, b.campaign_id
      FROM messages m
      LEFT JOIN message_deliveries j ON j.message_key = m.message_key
      LEFT JOIN hops h ON h.message_key = m.message_key AND h.n = m.boundary_hop
      LEFT JOIN memberships b ON b.message_key = m.message_key
      LEFT JOIN recipient_kinds k ON k.address = lower(left(m.recipients[1], 320)) AND cardinality(m.recipients) = 1
     WHERE j.message_key IS NULL
       AND (($2::inet IS NOT NULL AND m.sender <<= $2)
            OR lower(m.subject) LIKE $1 OR lower(m.from_address) LIKE $1 OR lower(m.return_path) LIKE $1 OR lower(m.message_id) LIKE $1
            OR lower(m.helo) LIKE $1 OR lower(m.reverse_name) LIKE $1 OR lower(array_to_string(m.recipients, ' ')) LIKE $1 OR lower(h.queue_id) LIKE $1
            OR m.message_key IN (SELECT message_key FROM by_link))
)
SELECT *, count(*) OVER () AS all
  FROM found
 ORDER BY at NULLS FIRST, line, recipient
 LIMIT $3
