-- What spam reached a mailbox?
-- recipient text susan@example.com: address as our servers recorded it
SELECT m.received_at, m.sender, m.from_address, m.subject, b.campaign_id, m.sha256
  FROM messages_v m
  LEFT JOIN campaign_members b USING (message_key)
 WHERE m.recipients_raw @> ARRAY[:recipient]
 ORDER BY m.received_at DESC, m.sha256
 LIMIT 100
