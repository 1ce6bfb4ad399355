CREATE OR REPLACE VIEW recipients_v AS
SELECT r.delivery_key AS delivery_id,
       r.at,
       printable(r.address) AS recipient,
       r.repeats,
       r.verdict,
       r.code,
       printable(r.dsn) AS dsn,
       printable(r.reason) AS reason,
       printable(r.reply) AS reply,
       printable(r.outcome) AS outcome,
       printable(k.kind) AS kind,
       printable(k.made_from) AS made_from,
       k.kind_basis,
       k.sure,
       r.line,
       r.outcome_at,
       printable(r.outcome_dsn) AS outcome_dsn,
       printable(r.outcome_reply) AS outcome_reply,
       r.address AS recipient_raw
  FROM recipients r
  LEFT JOIN recipient_kinds k ON k.address = lower(left(r.address, 320))
UNION ALL
SELECT m.message_key,
       m.received_at,
       printable(a.address),
       0,
       'accepted',
       NULL,
       NULL,
       NULL,
       NULL,
       NULL,
       printable(k.kind) AS kind,
       printable(k.made_from) AS made_from,
       k.kind_basis,
       k.sure,
       NULL,
       NULL,
       NULL,
       NULL,
       a.address
  FROM messages m
 CROSS JOIN unnest(m.recipients) AS a (address)
  LEFT JOIN recipient_kinds k ON k.address = lower(left(a.address, 320))
  LEFT JOIN message_deliveries j ON j.message_key = m.message_key
 WHERE j.message_key IS NULL;

COMMENT ON VIEW recipients_v IS 'One row per recipient of a delivery (deliveries_v). The mail of one address: correlate ask recipient-mail, by an index.';
COMMENT ON COLUMN recipients_v.delivery_id IS 'The delivery (deliveries_v.delivery_id).';
COMMENT ON COLUMN recipients_v.at IS 'Time of its own line; of client= or <= for accepted ones.';
COMMENT ON COLUMN recipients_v.recipient IS 'The recipient as the client gave it; NULL if the log does not tell.';
COMMENT ON COLUMN recipients_v.repeats IS 'Further lines that syslog folded into this one.';
COMMENT ON COLUMN recipients_v.verdict IS 'Our server''s answer to the client: accepted, refused, deferred, or lost (the session broke before the end of data); not the later outcome.';
COMMENT ON COLUMN recipients_v.code IS 'SMTP code of the reply; NULL if it is not logged.';
COMMENT ON COLUMN recipients_v.dsn IS 'Enhanced status code of the reply.';
COMMENT ON COLUMN recipients_v.reason IS 'Of refused and deferred ones: unknown_user, blocklist, helo, reverse_name, greylist, postscreen, relay, sender, policy, content or other.';
COMMENT ON COLUMN recipients_v.reply IS 'The reply.';
COMMENT ON COLUMN recipients_v.outcome IS 'Of accepted ones: sent, bounced, deferred, expired or discarded; NULL: not logged.';
COMMENT ON COLUMN recipients_v.kind IS 'Origin of the address: valid, domain_prefix, domain_host_prefix, host_prefix, char_prefix, cut_front, first_replaced, cut_replaced, message_id, dictionary, role, stale, foreign, or unknown (none fits). NULL: not worked out yet.';
COMMENT ON COLUMN recipients_v.made_from IS 'The real user that it was made from; NULL if none.';
COMMENT ON COLUMN recipients_v.kind_basis IS 'Basis of the kind: list (of users), accepted (by our servers), compared (with other recipients); NULL: the address itself.';
COMMENT ON COLUMN recipients_v.sure IS 'Confidence in the kind, 0 to 1.';
COMMENT ON COLUMN recipients_v.line IS 'Line of the verdict, or of the outcome of an accepted one.';
COMMENT ON COLUMN recipients_v.outcome_at IS 'When the outcome was logged.';
COMMENT ON COLUMN recipients_v.outcome_dsn IS 'Enhanced status code of the outcome.';
COMMENT ON COLUMN recipients_v.outcome_reply IS 'Reply of the next host or the delivery agent.';
COMMENT ON COLUMN recipients_v.recipient_raw IS 'recipient unchanged, for comparisons by index. It may contain control sequences for a terminal.';
