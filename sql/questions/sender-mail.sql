-- What did an address or network send us?
-- network inet 198.18.0.7: an address or a network
SELECT m.sender, m.received_at, m.helo, m.from_address, m.subject, b.campaign_id, m.sha256
  FROM messages_v m
  LEFT JOIN campaign_members b USING (message_key)
 WHERE m.sender <<= :network
 ORDER BY m.received_at DESC, m.sha256
 LIMIT 100
