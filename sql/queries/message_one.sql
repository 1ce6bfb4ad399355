-- Message $1 with its campaign, its spamrun and its bytes.
SELECT m.message_key AS key, encode(m.sha256, 'hex') AS sha256, m.ham, m.size, coalesce(m.received_at, '0001-01-01 00:00:00Z') AS received_at, m.sender,
       coalesce(m.helo, '') AS helo, coalesce(m.reverse_name, '') AS reverse_name, coalesce(m.accepted_by, '') AS accepted_by, coalesce(m.boundary_hop, -1) AS boundary,
       coalesce(m.message_id, '') AS message_id, coalesce(m.from_name, '') AS from_name, coalesce(m.from_address, '') AS from_address,
       coalesce(m.reply_to, '{}') AS reply_to, coalesce(m.to_addresses, '{}') AS to_addresses, coalesce(m.recipients, '{}') AS recipients,
       coalesce(m.return_path, '') AS return_path, coalesce(m.date_raw, '') AS date, coalesce(m.subject, '') AS subject, coalesce(m.mailer, '') AS mailer,
       coalesce(b.campaign_id, 0) AS campaign, coalesce(b.confidence, 0)::float8 AS confidence, coalesce(b.spamrun_id, 0) AS spamrun, coalesce(c.operation_id, 0) AS operation,
       coalesce(p.name, '') AS publisher, b.campaign_id IS NULL AND NOT m.ham AND coalesce(m.report, false) AS report,
       coalesce(s.campaign_id, 0) AS returned, coalesce(s.matched_by, '') AS returned_by,
       r.data, coalesce(r.cut, false) AS cut
FROM messages m
LEFT JOIN memberships b USING (message_key)
LEFT JOIN campaigns c USING (campaign_id)
LEFT JOIN raw r USING (message_key)
LEFT JOIN publisher_issues i USING (message_key)
LEFT JOIN publishers p USING (publisher_id)
LEFT JOIN backscatter s ON s.message_key = m.message_key
WHERE m.message_key = $1
