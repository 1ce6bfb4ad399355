CREATE OR REPLACE VIEW defects_v AS
SELECT encode(m.sha256, 'hex') AS sha256,
       printable(m.message_id) AS message_id,
       d.n,
       d.code,
       printable(d.detail) AS detail,
       d.part,
       d.message_key
  FROM defects d
  JOIN messages m USING (message_key);

COMMENT ON VIEW defects_v IS 'One row per departure of a message from the standards: broken mail is often broken in its sender''s own way.';
COMMENT ON COLUMN defects_v.sha256 IS 'SHA-256 of the message, in hex.';
COMMENT ON COLUMN defects_v.message_id IS 'Message-ID of the message, without its brackets.';
COMMENT ON COLUMN defects_v.n IS 'Order of appearance in the message.';
COMMENT ON COLUMN defects_v.code IS 'Which defect: short and stable.';
COMMENT ON COLUMN defects_v.detail IS 'The bytes that show it, or a count.';
COMMENT ON COLUMN defects_v.part IS 'The part that shows it (parts_v.n); NULL for the header of the message.';
COMMENT ON COLUMN defects_v.message_key IS 'Key that joins the tables below.';
