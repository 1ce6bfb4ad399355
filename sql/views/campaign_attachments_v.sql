CREATE OR REPLACE VIEW campaign_attachments_v AS
SELECT encode(p.sha256, 'hex') AS attachment_sha256,
       'c' || c.campaign_id::text AS campaign_id,
       count(DISTINCT p.message_key) AS messages,
       min(m.received_at) AS first_seen,
       max(m.received_at) AS last_seen,
       array_agg(DISTINCT printable(p.name)) FILTER (WHERE p.name IS NOT NULL) AS names,
       min(p.sniffed) AS sniffed,
       min(p.size) AS size
  FROM parts p
  JOIN messages m USING (message_key)
  LEFT JOIN memberships b USING (message_key)
  LEFT JOIN campaigns c USING (campaign_id)
 WHERE p.attachment AND p.sha256 IS NOT NULL
 GROUP BY 1, 2;

COMMENT ON VIEW campaign_attachments_v IS 'One row per attachment, by its bytes, and campaign; a row without campaign for messages that are in none.';
COMMENT ON COLUMN campaign_attachments_v.attachment_sha256 IS 'SHA-256 of the decoded bytes, in hex.';
COMMENT ON COLUMN campaign_attachments_v.campaign_id IS 'The campaign ("c2"); NULL: messages that are in none.';
COMMENT ON COLUMN campaign_attachments_v.messages IS 'Messages that bring it, each once.';
COMMENT ON COLUMN campaign_attachments_v.first_seen IS 'When our servers received the first of them; NULL if no message tells.';
COMMENT ON COLUMN campaign_attachments_v.last_seen IS 'When our servers received the last of them; NULL if no message tells.';
COMMENT ON COLUMN campaign_attachments_v.names IS 'File names that it had: claims; NULL if none.';
COMMENT ON COLUMN campaign_attachments_v.sniffed IS 'Media type that its bytes look like; NULL if none is known.';
COMMENT ON COLUMN campaign_attachments_v.size IS 'Its bytes.';
