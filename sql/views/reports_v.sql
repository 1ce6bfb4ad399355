CREATE OR REPLACE VIEW reports_v AS
SELECT encode(m.sha256, 'hex') AS sha256,
       printable(m.message_id) AS message_id,
       m.received_at,
       r.n,
       printable(r.form) AS form,
       printable(r.reporter) AS reporter,
       printable(r.recipient) AS recipient,
       printable(r.action) AS action,
       printable(r.status) AS status,
       printable(r.remote) AS remote,
       printable(r.diagnostic) AS diagnostic,
       printable(r.returned_id) AS returned_id,
       printable(r.returned_subject) AS returned_subject,
       printable(r.returned_domains) AS returned_domains,
       r.message_key
  FROM reports r
  JOIN messages m USING (message_key);

COMMENT ON VIEW reports_v IS 'One row per recipient of a delivery report. Such a message has no links and no contacts: it names servers and addresses that its sender did not choose.';
COMMENT ON COLUMN reports_v.sha256 IS 'SHA-256 of the message, in hex.';
COMMENT ON COLUMN reports_v.message_id IS 'Message-ID of the message, without its brackets.';
COMMENT ON COLUMN reports_v.received_at IS 'When our own server took the message.';
COMMENT ON COLUMN reports_v.n IS 'Order of appearance in the report.';
COMMENT ON COLUMN reports_v.form IS 'dsn: a delivery status notification (RFC 3464); text: the prose of a server.';
COMMENT ON COLUMN reports_v.reporter IS 'The server that reports.';
COMMENT ON COLUMN reports_v.recipient IS 'Address to which the message was to be delivered.';
COMMENT ON COLUMN reports_v.action IS 'failed, delayed, delivered, relayed or expanded.';
COMMENT ON COLUMN reports_v.status IS 'Enhanced status code (RFC 3463), 5.1.1.';
COMMENT ON COLUMN reports_v.remote IS 'The server that answered.';
COMMENT ON COLUMN reports_v.diagnostic IS 'Its answer.';
COMMENT ON COLUMN reports_v.returned_id IS 'Message-ID of the message that is returned, without its brackets.';
COMMENT ON COLUMN reports_v.returned_subject IS 'Subject of the message that is returned, in normal form.';
COMMENT ON COLUMN reports_v.returned_domains IS 'Registered domains that the returned message links to.';
COMMENT ON COLUMN reports_v.message_key IS 'Key that joins the tables below.';
