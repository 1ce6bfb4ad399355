-- Messages that no line of a log tells of are transactions too.
CREATE OR REPLACE VIEW deliveries_v AS
SELECT d.delivery_key AS delivery_id,
       d.message_key,
       d.spamrun_id,
       d.origin,
       printable(d.server) AS server,
       printable(d.instance) AS instance,
       printable(d.file) AS file,
       d.line,
       d.started_at,
       d.ended_at,
       printable(d.queue_id) AS queue_id,
       d.sender,
       printable(coalesce(d.reverse_name, m.reverse_name)) AS reverse_name,
       printable(coalesce(d.helo, m.helo)) AS helo,
       printable(d.protocol) AS protocol,
       printable(d.return_path) AS return_path,
       printable(coalesce(d.message_id, m.message_id)) AS message_id,
       d.size,
       d.direction,
       d.accepted,
       d.refused,
       d.deferred,
       d.lost,
       d.accepted + d.refused + d.deferred + d.lost AS recipients,
       d.connected_at,
       printable(d.queue_ids) AS queue_ids,
       printable(d.login) AS login,
       d.opened AND d.closed AS whole,
       d.queue_id AS queue_id_raw,
       coalesce(d.message_id, m.message_id) AS message_id_raw
  FROM deliveries d
  LEFT JOIN messages m ON m.message_key = d.message_key
UNION ALL
SELECT m.message_key,
       m.message_key,
       b.spamrun_id,
       'message',
       printable(m.accepted_by),
       NULL,
       NULL,
       NULL,
       m.received_at,
       m.received_at,
       printable(h.queue_id) AS queue_id,
       m.sender,
       printable(m.reverse_name) AS reverse_name,
       printable(m.helo) AS helo,
       printable(h.protocol) AS protocol,
       printable(m.return_path) AS return_path,
       printable(m.message_id) AS message_id,
       m.size,
       'in',
       coalesce(cardinality(m.recipients), 0),
       0,
       0,
       0,
       coalesce(cardinality(m.recipients), 0),
       NULL,
       NULL,
       NULL,
       true,
       h.queue_id,
       m.message_id
  FROM messages m
  LEFT JOIN hops h ON h.message_key = m.message_key AND h.n = m.boundary_hop
  LEFT JOIN memberships b ON b.message_key = m.message_key
  LEFT JOIN message_deliveries j ON j.message_key = m.message_key
 WHERE j.message_key IS NULL;

COMMENT ON VIEW deliveries_v IS 'One row per SMTP transaction at one of our servers, whether or not its message is stored; of refusals before there is a queue id, one row per client, envelope sender and connection.';
COMMENT ON COLUMN deliveries_v.delivery_id IS 'Number of the transaction, for good.';
COMMENT ON COLUMN deliveries_v.message_key IS 'The stored message that it brought; NULL if none.';
COMMENT ON COLUMN deliveries_v.spamrun_id IS 'The spamrun that it is in (spamruns_v.spamrun_id); NULL: in none.';
COMMENT ON COLUMN deliveries_v.origin IS 'log, queue (a listing of a queue), or message (no log tells of it).';
COMMENT ON COLUMN deliveries_v.server IS 'Our own host that wrote the lines.';
COMMENT ON COLUMN deliveries_v.instance IS 'Name under which the mail server logs: postfix, postfix-out, exim.';
COMMENT ON COLUMN deliveries_v.file IS 'File of its first line.';
COMMENT ON COLUMN deliveries_v.line IS 'Number of that line, from 1.';
COMMENT ON COLUMN deliveries_v.started_at IS 'First line of its SMTP time; NULL if that was not read.';
COMMENT ON COLUMN deliveries_v.ended_at IS 'Last line of its SMTP time.';
COMMENT ON COLUMN deliveries_v.queue_id IS 'Queue id of the first queue file; NULL if there was none.';
COMMENT ON COLUMN deliveries_v.sender IS 'Address of the client that connected.';
COMMENT ON COLUMN deliveries_v.reverse_name IS 'Its reverse name, as our server found it; NULL: unknown.';
COMMENT ON COLUMN deliveries_v.helo IS 'HELO name as logged; NULL if neither log nor message tells.';
COMMENT ON COLUMN deliveries_v.protocol IS 'SMTP, ESMTP, ESMTPS, ...';
COMMENT ON COLUMN deliveries_v.return_path IS 'Envelope sender as logged, with its quotes, "" for <>; NULL if the log does not tell.';
COMMENT ON COLUMN deliveries_v.message_id IS 'Message-ID without its brackets.';
COMMENT ON COLUMN deliveries_v.size IS 'Bytes, as logged.';
COMMENT ON COLUMN deliveries_v.direction IS 'in, out or local; NULL if not known.';
COMMENT ON COLUMN deliveries_v.accepted IS 'Recipients accepted.';
COMMENT ON COLUMN deliveries_v.refused IS 'Recipients refused.';
COMMENT ON COLUMN deliveries_v.deferred IS 'Recipients put off.';
COMMENT ON COLUMN deliveries_v.lost IS 'Recipients of a session that broke before the end of data.';
COMMENT ON COLUMN deliveries_v.recipients IS 'All of these.';
COMMENT ON COLUMN deliveries_v.connected_at IS 'Time of the client''s connection, if logged.';
COMMENT ON COLUMN deliveries_v.queue_ids IS 'Queue ids of later queue files: behind a content filter, or requeued.';
COMMENT ON COLUMN deliveries_v.login IS 'Authenticated user; NULL if nobody logged in.';
COMMENT ON COLUMN deliveries_v.whole IS 'Its beginning and its end were read.';
COMMENT ON COLUMN deliveries_v.queue_id_raw IS 'queue_id unchanged, for comparisons by index. It may contain control sequences for a terminal.';
COMMENT ON COLUMN deliveries_v.message_id_raw IS 'message_id unchanged. It may contain control sequences for a terminal.';
