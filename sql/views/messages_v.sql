CREATE OR REPLACE VIEW messages_v AS
SELECT encode(sha256, 'hex') AS sha256,
       printable(message_id) AS message_id,
       received_at,
       sender,
       printable(helo) AS helo,
       printable(reverse_name) AS reverse_name,
       coalesce(reverse_state, 'not recorded') AS reverse_state,
       printable(accepted_by) AS accepted_by,
       mx_priority,
       printable(from_address) AS from_address,
       printable(from_name) AS from_name,
       printable(subject) AS subject,
       date,
       CASE WHEN ham THEN 'ham' ELSE 'spam' END AS class,
       printable(return_path) AS return_path,
       printable(sender_field) AS sender_field,
       printable(reply_to) AS reply_to,
       printable(to_addresses) AS to_addresses,
       printable(recipients) AS recipients,
       printable(mailer) AS mailer,
       printable(list_id) AS list_id,
       size,
       printable(mime_skeleton) AS mime_skeleton,
       message_id_form,
       printable(boundary_form) AS boundary_form,
       printable(header_names) AS header_names,
       date_raw,
       printable(subject_key) AS subject_key,
       text_hash,
       text_length,
       boundary_hop,
       extractor,
       import_id,
       message_key,
       html_form,
       printable(date_form) AS date_form,
       printable(encodings) AS encodings,
       message_id AS message_id_raw,
       subject AS subject_raw,
       recipients AS recipients_raw
  FROM messages;

COMMENT ON VIEW messages_v IS 'One row per distinct message (by the SHA-256 of its bytes). The columns that our own servers recorded (received_at, sender, helo, reverse_name, recipients) may be believed; the rest are claims of the message.';
COMMENT ON COLUMN messages_v.sha256 IS 'SHA-256 of its bytes, in hex: its identity in every view.';
COMMENT ON COLUMN messages_v.message_id IS 'Message-ID without its brackets; not always unique.';
COMMENT ON COLUMN messages_v.received_at IS 'When our own server took it; NULL if no hop can be believed or it bears no time.';
COMMENT ON COLUMN messages_v.sender IS 'Address of the client that connected to our own servers; NULL if none is known.';
COMMENT ON COLUMN messages_v.helo IS 'HELO or EHLO name that the sender gave.';
COMMENT ON COLUMN messages_v.reverse_name IS 'Reverse name of the sender, as our server found it.';
COMMENT ON COLUMN messages_v.reverse_state IS 'given: our server recorded a reverse name; unknown: it looked and found none; not recorded: it does not say.';
COMMENT ON COLUMN messages_v.accepted_by IS 'Name of our own server that took it from the sender.';
COMMENT ON COLUMN messages_v.mx_priority IS 'Priority of that server among our mail exchangers, where the import was told.';
COMMENT ON COLUMN messages_v.from_address IS 'Address in From.';
COMMENT ON COLUMN messages_v.from_name IS 'Display name in From, decoded.';
COMMENT ON COLUMN messages_v.subject IS 'Subject, decoded.';
COMMENT ON COLUMN messages_v.date IS 'Date field, as far as it is a date: a claim.';
COMMENT ON COLUMN messages_v.class IS 'spam: evidence; ham: wanted mail, background for weighing, never in a campaign.';
COMMENT ON COLUMN messages_v.return_path IS 'Envelope sender as the Return-Path field has it.';
COMMENT ON COLUMN messages_v.sender_field IS 'Address in the Sender field (not the sender of the connection).';
COMMENT ON COLUMN messages_v.reply_to IS 'Addresses in Reply-To.';
COMMENT ON COLUMN messages_v.to_addresses IS 'Addresses in To and Cc.';
COMMENT ON COLUMN messages_v.recipients IS 'Envelope recipients that our own servers recorded.';
COMMENT ON COLUMN messages_v.mailer IS 'X-Mailer or User-Agent.';
COMMENT ON COLUMN messages_v.list_id IS 'List-Id.';
COMMENT ON COLUMN messages_v.size IS 'Bytes of the message.';
COMMENT ON COLUMN messages_v.mime_skeleton IS 'Nested media types.';
COMMENT ON COLUMN messages_v.message_id_form IS 'Message-ID as a pattern of character classes.';
COMMENT ON COLUMN messages_v.boundary_form IS 'First MIME boundary as a pattern of character classes.';
COMMENT ON COLUMN messages_v.header_names IS 'Names of the header fields in their order and case, joined by commas.';
COMMENT ON COLUMN messages_v.date_raw IS 'Date field as it stands.';
COMMENT ON COLUMN messages_v.subject_key IS 'Subject in its normal form for comparison.';
COMMENT ON COLUMN messages_v.text_hash IS 'Hash of the normal text of the body; equal text, equal hash.';
COMMENT ON COLUMN messages_v.text_length IS 'Characters of the normal text of the body.';
COMMENT ON COLUMN messages_v.boundary_hop IS 'Number of the last hop that our own servers wrote (hops_v.n).';
COMMENT ON COLUMN messages_v.extractor IS 'Version of the rules by which its facts were derived.';
COMMENT ON COLUMN messages_v.import_id IS 'The run that stored it first (imports_v.import_id).';
COMMENT ON COLUMN messages_v.message_key IS 'Key that joins the tables below.';
COMMENT ON COLUMN messages_v.html_form IS 'Hash of the order of tags in its HTML: equal templates have equal hashes, even with different texts.';
COMMENT ON COLUMN messages_v.date_form IS 'Date field as a pattern: digits as 9, names of days as Www and of months as Mmm. A zone that cannot be stands as it is.';
COMMENT ON COLUMN messages_v.encodings IS 'For each text part its type, charset and transfer encoding as written.';
COMMENT ON COLUMN messages_v.message_id_raw IS 'message_id unchanged, for comparisons by index. It may contain control sequences for a terminal.';
COMMENT ON COLUMN messages_v.subject_raw IS 'subject unchanged. It may contain control sequences for a terminal.';
COMMENT ON COLUMN messages_v.recipients_raw IS 'recipients unchanged, with an index: recipients_raw @> ARRAY[''susan@example.com'']. They may contain control sequences for a terminal.';
