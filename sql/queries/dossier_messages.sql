-- The members of campaign $1, oldest first.
SELECT m.message_key, encode(m.sha256, 'hex') AS sha256, coalesce(m.message_id, '') AS message_id,
       coalesce(m.received_at, '0001-01-01 00:00:00Z') AS received, coalesce(m.date, '0001-01-01 00:00:00Z') AS date,
       coalesce(m.from_name, '') AS from_name, coalesce(m.from_address, '') AS from_address, coalesce(m.subject, '') AS subject,
       m.sender, coalesce(h.port, 0) AS port, coalesce(m.return_path, '') AS return_path, coalesce(m.helo, '') AS helo, coalesce(m.reverse_name, '') AS reverse_name, coalesce(m.mailer, '') AS mailer, coalesce(m.list_id, '') AS list_id,
       coalesce(b.confidence, 0)::float8 AS confidence, m.size
  FROM memberships b
  JOIN messages m USING (message_key)
  LEFT JOIN hops h ON h.message_key = m.message_key AND h.n = m.boundary_hop
 WHERE b.campaign_id = $1
 ORDER BY m.received_at NULLS LAST, m.sha256
