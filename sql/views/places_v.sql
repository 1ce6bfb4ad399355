CREATE OR REPLACE VIEW places_v AS
SELECT encode(m.sha256, 'hex') AS sha256,
       printable(m.message_id) AS message_id,
       printable(s.path) AS path,
       printable(p.name) AS name,
       p.byte_offset,
       p.length,
       printable(p.flags) AS flags,
       s.format,
       p.import_id,
       p.message_key,
       s.path AS path_raw,
       p.name AS name_raw
  FROM places p
  JOIN messages m USING (message_key)
  LEFT JOIN sources s USING (source_key);

COMMENT ON VIEW places_v IS 'One row per place at which a message was seen.';
COMMENT ON COLUMN places_v.sha256 IS 'SHA-256 of the message, in hex.';
COMMENT ON COLUMN places_v.message_id IS 'Message-ID of the message, without its brackets.';
COMMENT ON COLUMN places_v.path IS 'The mbox, folder or archive; "-" for standard input.';
COMMENT ON COLUMN places_v.name IS 'Name within it: a file or a member; NULL for an mbox.';
COMMENT ON COLUMN places_v.byte_offset IS 'Byte at which the message starts, in the decompressed stream.';
COMMENT ON COLUMN places_v.length IS 'Bytes of the message as it is stored there.';
COMMENT ON COLUMN places_v.flags IS 'Maildir flags, or letters of mbox Status and X-Status, when first seen.';
COMMENT ON COLUMN places_v.format IS 'Format of the source: mbox, maildir, mh, message.';
COMMENT ON COLUMN places_v.import_id IS 'The run that saw it there first (imports_v.import_id).';
COMMENT ON COLUMN places_v.message_key IS 'Key that joins the tables below.';
COMMENT ON COLUMN places_v.path_raw IS 'path unchanged. It may contain control sequences for a terminal.';
COMMENT ON COLUMN places_v.name_raw IS 'name unchanged, for searches. It may contain control sequences for a terminal.';
