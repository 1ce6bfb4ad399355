CREATE OR REPLACE VIEW texts_v AS
SELECT encode(m.sha256, 'hex') AS sha256,
       printable(m.message_id) AS message_id,
       m.received_at,
       t.words,
       t.message_key
  FROM texts t
  JOIN messages m USING (message_key);

COMMENT ON VIEW texts_v IS 'One row per message that says something in words; ask by words @@ text_query(''some words''). Messages without a word, and those whose facts an older extractor derived, have none (collector reparse).';
COMMENT ON COLUMN texts_v.sha256 IS 'SHA-256 of the message, in hex.';
COMMENT ON COLUMN texts_v.message_id IS 'Message-ID of the message, without its brackets; NULL if it has none.';
COMMENT ON COLUMN texts_v.received_at IS 'When our own server took the message; NULL if no hop can be believed or it bears no time.';
COMMENT ON COLUMN texts_v.words IS 'Distinct words of its subject and of the text that a reader sees, in lower case, at most 1,000. Letters of scripts without blanks stand one by one. Numbers, mail addresses and links are no words.';
COMMENT ON COLUMN texts_v.message_key IS 'Key that joins all views.';
