CREATE OR REPLACE VIEW anomalies_v AS
SELECT encode(m.sha256, 'hex') AS sha256,
       printable(m.message_id) AS message_id,
       m.received_at,
       a.n,
       a.code,
       a.reason,
       printable(a.evidence) AS evidence,
       a.hop,
       a.message_key
  FROM anomalies a
  JOIN messages m USING (message_key);

COMMENT ON VIEW anomalies_v IS 'One row per thing in the header of a message that cannot be, or that honest servers do not write.';
COMMENT ON COLUMN anomalies_v.sha256 IS 'SHA-256 of the message, in hex.';
COMMENT ON COLUMN anomalies_v.message_id IS 'Message-ID of the message, without its brackets.';
COMMENT ON COLUMN anomalies_v.received_at IS 'When our own server took the message.';
COMMENT ON COLUMN anomalies_v.n IS 'Order of appearance in the message.';
COMMENT ON COLUMN anomalies_v.code IS 'Which anomaly: short and stable.';
COMMENT ON COLUMN anomalies_v.reason IS 'The anomaly in words.';
COMMENT ON COLUMN anomalies_v.evidence IS 'The bytes that show it.';
COMMENT ON COLUMN anomalies_v.hop IS 'The hop that shows it (hops_v.n); NULL if it is about the message.';
COMMENT ON COLUMN anomalies_v.message_key IS 'Key that joins the tables below.';
