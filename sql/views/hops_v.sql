CREATE OR REPLACE VIEW hops_v AS
SELECT encode(m.sha256, 'hex') AS sha256,
       printable(m.message_id) AS message_id,
       h.n,
       CASE WHEN h.n = m.boundary_hop THEN 'boundary' WHEN h.trusted THEN 'own' ELSE 'claim' END AS trust,
       h.at,
       h.address,
       printable(h.helo) AS helo,
       printable(h.reverse_name) AS reverse_name,
       coalesce(h.reverse_state, 'not recorded') AS reverse_state,
       printable(h.by_name) AS by_name,
       h.by_address,
       printable(h.protocol) AS protocol,
       printable(h.queue_id) AS queue_id,
       printable(h.recipient) AS recipient,
       printable(h.envelope_from) AS envelope_from,
       h.authenticated,
       printable(h.ident) AS ident,
       printable(h.tls) AS tls,
       printable(h.via) AS via,
       h.port,
       printable(h.zone) AS zone,
       h.syntax,
       printable(h.comment) AS comment,
       h.raw,
       h.message_key
  FROM hops h
  JOIN messages m USING (message_key);

COMMENT ON VIEW hops_v IS 'One row per Received field of a message, newest first.';
COMMENT ON COLUMN hops_v.sha256 IS 'SHA-256 of the message, in hex.';
COMMENT ON COLUMN hops_v.message_id IS 'Message-ID of the message, without its brackets.';
COMMENT ON COLUMN hops_v.n IS 'Order in the header, 0 at the top: the hop written last.';
COMMENT ON COLUMN hops_v.trust IS 'own: written by a server of ours; boundary: the last of these, whose client is the sender; claim: written by strangers, or nobody knows.';
COMMENT ON COLUMN hops_v.at IS 'Time of the hop.';
COMMENT ON COLUMN hops_v.address IS 'Address of the client.';
COMMENT ON COLUMN hops_v.helo IS 'HELO or EHLO name that the client gave.';
COMMENT ON COLUMN hops_v.reverse_name IS 'Reverse name of the client, as the writing server found it.';
COMMENT ON COLUMN hops_v.reverse_state IS 'given: a reverse name is recorded; unknown: the server looked and found none; not recorded: it does not say.';
COMMENT ON COLUMN hops_v.by_name IS 'Name of the writing server.';
COMMENT ON COLUMN hops_v.by_address IS 'Address of the writing server.';
COMMENT ON COLUMN hops_v.protocol IS 'Protocol after "with".';
COMMENT ON COLUMN hops_v.queue_id IS 'Queue id of the writing server.';
COMMENT ON COLUMN hops_v.recipient IS 'Recipient after "for".';
COMMENT ON COLUMN hops_v.envelope_from IS 'Envelope sender, where the field records it.';
COMMENT ON COLUMN hops_v.authenticated IS 'The writing server says that the client logged in.';
COMMENT ON COLUMN hops_v.ident IS 'User by ident, or the account that the server notes.';
COMMENT ON COLUMN hops_v.tls IS 'TLS version and cipher as written.';
COMMENT ON COLUMN hops_v.via IS 'Link after "via".';
COMMENT ON COLUMN hops_v.port IS 'Port of the client, where recorded.';
COMMENT ON COLUMN hops_v.zone IS 'Time zone as written.';
COMMENT ON COLUMN hops_v.syntax IS 'Whose format the field has: postfix, sendmail, exim, ...';
COMMENT ON COLUMN hops_v.comment IS 'The rest of the comments, which fits no other column.';
COMMENT ON COLUMN hops_v.raw IS 'The field, unfolded.';
COMMENT ON COLUMN hops_v.message_key IS 'Key that joins the tables below.';
