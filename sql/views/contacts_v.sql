CREATE OR REPLACE VIEW contacts_v AS
SELECT encode(m.sha256, 'hex') AS sha256,
       printable(m.message_id) AS message_id,
       m.received_at,
       c.n,
       c.kind,
       printable(c.value) AS value,
       coalesce(c.raw, c.value) AS raw,
       c.found_in,
       c.part,
       c.count,
       c.notes,
       c.message_key
  FROM contacts c
  JOIN messages m USING (message_key);

COMMENT ON VIEW contacts_v IS 'One row per distinct mail address or phone number that a message gives to its reader.';
COMMENT ON COLUMN contacts_v.sha256 IS 'SHA-256 of the message, in hex.';
COMMENT ON COLUMN contacts_v.message_id IS 'Message-ID of the message, without its brackets.';
COMMENT ON COLUMN contacts_v.received_at IS 'When our own server took the message.';
COMMENT ON COLUMN contacts_v.n IS 'Order of appearance in the message.';
COMMENT ON COLUMN contacts_v.kind IS 'mail or phone.';
COMMENT ON COLUMN contacts_v.value IS 'Normal form: address with its domain in lower case; E.164 where the country is known, else digits.';
COMMENT ON COLUMN contacts_v.raw IS 'As it was found.';
COMMENT ON COLUMN contacts_v.found_in IS 'Place in the message: text, mailto, tel, ...';
COMMENT ON COLUMN contacts_v.part IS 'The part it stands in (parts_v.n); NULL for the subject.';
COMMENT ON COLUMN contacts_v.count IS 'Number of occurrences there.';
COMMENT ON COLUMN contacts_v.notes IS 'Oddities, as codes.';
COMMENT ON COLUMN contacts_v.message_key IS 'Key that joins the tables below.';
