CREATE OR REPLACE VIEW parts_v AS
SELECT encode(m.sha256, 'hex') AS sha256,
       printable(m.message_id) AS message_id,
       p.n,
       p.parent,
       printable(p.media_type) AS media_type,
       p.sniffed,
       printable(p.charset) AS charset,
       printable(p.encoding) AS encoding,
       printable(p.disposition) AS disposition,
       p.attachment,
       printable(p.name) AS name,
       p.size,
       p.outside,
       encode(p.sha256, 'hex') AS part_sha256,
       p.message_key
  FROM parts p
  JOIN messages m USING (message_key);

COMMENT ON VIEW parts_v IS 'One row per node of the MIME tree of a message.';
COMMENT ON COLUMN parts_v.sha256 IS 'SHA-256 of the message, in hex.';
COMMENT ON COLUMN parts_v.message_id IS 'Message-ID of the message, without its brackets.';
COMMENT ON COLUMN parts_v.n IS 'Order of appearance, 0 for the root.';
COMMENT ON COLUMN parts_v.parent IS 'The node that holds it (parts_v.n); NULL for the root.';
COMMENT ON COLUMN parts_v.media_type IS 'Declared media type.';
COMMENT ON COLUMN parts_v.sniffed IS 'Media type that the decoded bytes look like.';
COMMENT ON COLUMN parts_v.charset IS 'Declared character set.';
COMMENT ON COLUMN parts_v.encoding IS 'Declared Content-Transfer-Encoding.';
COMMENT ON COLUMN parts_v.disposition IS 'Declared disposition: attachment, inline.';
COMMENT ON COLUMN parts_v.attachment IS 'A leaf that a mail reader would offer to save.';
COMMENT ON COLUMN parts_v.name IS 'Declared file name: a claim.';
COMMENT ON COLUMN parts_v.size IS 'Decoded bytes.';
COMMENT ON COLUMN parts_v.part_sha256 IS 'SHA-256 of the decoded bytes, in hex; NULL for inner nodes.';
COMMENT ON COLUMN parts_v.outside IS 'preamble, epilogue, rest or inline for text that no part declares.';
COMMENT ON COLUMN parts_v.message_key IS 'Key that joins the tables below.';
