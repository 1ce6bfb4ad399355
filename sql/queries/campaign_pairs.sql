-- Every member with its campaign, by campaign id and arrival. Its readers are programs.
SELECT b.campaign_id, coalesce(m.message_id, '') AS message_id, encode(m.sha256, 'hex') AS sha256
FROM memberships b
JOIN messages m USING (message_key)
WHERE b.campaign_id IS NOT NULL
ORDER BY b.campaign_id, m.received_at NULLS LAST, m.message_key
