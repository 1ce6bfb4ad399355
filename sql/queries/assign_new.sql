-- Spam of import $1 that is in no campaign.
SELECT m.message_key
FROM messages m
WHERE m.import_id = $1 AND NOT m.ham
  AND NOT EXISTS (SELECT FROM memberships b WHERE b.message_key = m.message_key AND b.campaign_id IS NOT NULL)
ORDER BY m.message_key
