CREATE OR REPLACE VIEW attachments_v AS
SELECT encode(m.sha256, 'hex') AS sha256,
       printable(m.message_id) AS message_id,
       m.received_at,
       printable(p.name) AS name,
       printable(p.media_type) AS media_type,
       p.sniffed,
       p.size,
       encode(p.sha256, 'hex') AS attachment_sha256,
       p.n,
       p.message_key
  FROM parts p
  JOIN messages m USING (message_key)
 WHERE p.attachment;

COMMENT ON VIEW attachments_v IS 'One row per attachment of a message: a part that a mail reader would offer to save.';
COMMENT ON COLUMN attachments_v.sha256 IS 'SHA-256 of the message, in hex.';
COMMENT ON COLUMN attachments_v.message_id IS 'Message-ID of the message, without its brackets.';
COMMENT ON COLUMN attachments_v.received_at IS 'When our own server took the message.';
COMMENT ON COLUMN attachments_v.name IS 'Declared file name: a claim.';
COMMENT ON COLUMN attachments_v.media_type IS 'Declared media type.';
COMMENT ON COLUMN attachments_v.sniffed IS 'Media type that the decoded bytes look like.';
COMMENT ON COLUMN attachments_v.size IS 'Decoded bytes.';
COMMENT ON COLUMN attachments_v.attachment_sha256 IS 'SHA-256 of the decoded bytes, in hex.';
COMMENT ON COLUMN attachments_v.n IS 'The part (parts_v.n).';
COMMENT ON COLUMN attachments_v.message_key IS 'Key that joins the tables below.';
