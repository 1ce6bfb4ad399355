-- Messages without a transaction, each with the transactions that can have brought it: by queue id, by
-- Message-ID, or by sender and time.
WITH fresh AS (
    SELECT m.message_key, m.sender, m.received_at, m.message_id, m.return_path, m.recipients
      FROM messages m
      LEFT JOIN message_deliveries j ON j.message_key = m.message_key
     WHERE j.message_key IS NULL AND EXISTS (SELECT FROM deliveries)
), by_id AS (
    SELECT f.message_key, d.delivery_key
      FROM fresh f
      JOIN hops h ON h.message_key = f.message_key AND h.trusted AND h.queue_id IS NOT NULL
      JOIN deliveries d ON d.queue_id = h.queue_id
    UNION
    SELECT f.message_key, d.delivery_key
      FROM fresh f
      JOIN hops h ON h.message_key = f.message_key AND h.trusted AND h.queue_id IS NOT NULL
      JOIN (SELECT delivery_key, unnest(queue_ids) AS queue_id FROM deliveries WHERE queue_ids IS NOT NULL) d ON d.queue_id = h.queue_id
), found AS (
    SELECT message_key, delivery_key, true AS queue_id FROM by_id
    UNION ALL
    SELECT f.message_key, d.delivery_key, false
      FROM fresh f
      JOIN deliveries d ON d.message_id = f.message_id
    UNION ALL
    SELECT f.message_key, d.delivery_key, false
      FROM fresh f
      JOIN deliveries d ON d.sender = f.sender AND d.accepted > 0 AND d.started_at BETWEEN f.received_at - interval '30 s' AND f.received_at + interval '30 s'
), pairs AS (
    SELECT message_key, delivery_key, bool_or(queue_id) AS queue_id FROM found GROUP BY 1, 2
)
SELECT p.message_key, p.delivery_key, d.file, d.floating AND d.zone_seconds = 0 AS floating, p.queue_id,
       coalesce(d.message_id = f.message_id, false) AS message_id,
       d.sender = f.sender AS sender,
       lower(d.return_path) = lower(f.return_path) AS return_path,
       CASE WHEN cardinality(f.recipients) > 0 THEN EXISTS (
           SELECT FROM recipients r WHERE r.delivery_key = p.delivery_key AND r.verdict = 'accepted'
              AND lower(r.address) = ANY (SELECT lower(a) FROM unnest(f.recipients) AS a)) END AS recipient,
       extract(epoch FROM f.received_at - d.started_at)::bigint AS off
  FROM pairs p
  JOIN fresh f USING (message_key)
  JOIN deliveries d USING (delivery_key)
