-- Messages with a hash between $1 and $2, or with the Message-ID $3; at most $4.
SELECT m.message_key, encode(m.sha256, 'hex') AS sha256, coalesce(m.message_id, '') AS message_id, m.ham,
       coalesce(b.campaign_id, 0) AS campaign_id, coalesce(p.name, '') AS publisher, b.campaign_id IS NULL AND NOT m.ham AND coalesce(m.report, false) AS report
FROM messages m
LEFT JOIN memberships b USING (message_key)
LEFT JOIN publisher_issues i USING (message_key)
LEFT JOIN publishers p USING (publisher_id)
WHERE CASE WHEN $3::text = '' THEN m.message_key BETWEEN $5::bigint AND $6::bigint AND m.sha256 BETWEEN $1::bytea AND $2::bytea
           ELSE m.message_id = $3 END
ORDER BY m.message_key
LIMIT $4
