CREATE OR REPLACE VIEW publisher_messages_v AS
SELECT p.publisher_id,
       printable(p.name) AS publisher,
       encode(m.sha256, 'hex') AS sha256,
       printable(m.message_id) AS message_id,
       m.received_at,
       printable(m.subject) AS subject,
       i.message_key
  FROM publisher_issues i
  JOIN publishers p USING (publisher_id)
  JOIN messages m USING (message_key);

COMMENT ON VIEW publisher_messages_v IS 'One row per message that is set aside as an issue of a publisher, as of the last complete run of the correlator. It is in no campaign.';
COMMENT ON COLUMN publisher_messages_v.publisher_id IS 'the publisher, as in publishers_v';
COMMENT ON COLUMN publisher_messages_v.publisher IS 'the From address of its issues, or their From domain if each has an address of its own';
COMMENT ON COLUMN publisher_messages_v.sha256 IS 'SHA-256 of the message''s bytes in hex: its identity';
COMMENT ON COLUMN publisher_messages_v.message_id IS 'Message-ID without its brackets; NULL if the message has none';
COMMENT ON COLUMN publisher_messages_v.received_at IS 'when our own server took the message; NULL if no hop can be believed or it bears no time';
COMMENT ON COLUMN publisher_messages_v.subject IS 'Subject as a reader sees it; NULL if there is none';
COMMENT ON COLUMN publisher_messages_v.message_key IS 'key that joins all views of messages';
