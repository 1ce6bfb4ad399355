CREATE OR REPLACE VIEW observations_v AS
SELECT o.kind,
       o.subject,
       o.source,
       o.outcome,
       o.asked_at,
       o.confirmed_at,
       o.fresh_until,
       o.confirmations,
       printable(o.detail) AS detail,
       o.parsed,
       printable(o.server) AS server,
       o.took,
       a.size,
       encode(o.answer_hash, 'hex') AS answer_sha256
  FROM observations o
  LEFT JOIN answers a USING (answer_hash);

COMMENT ON VIEW observations_v IS 'One row per answer, or failure to get one, that differs from the one before.';
COMMENT ON COLUMN observations_v.kind IS 'domain, host or address.';
COMMENT ON COLUMN observations_v.subject IS 'Subject of the question.';
COMMENT ON COLUMN observations_v.source IS 'Protocol and registry: whois, whois-registrar, rdap, dns, ptr, origin, whois-ip, rdap-ip, table.';
COMMENT ON COLUMN observations_v.outcome IS 'answered; none: there is no such thing; refused, throttled, timed out, failed: no answer; malformed: none that can be read; guarded: not asked, because the server must not be.';
COMMENT ON COLUMN observations_v.asked_at IS 'When it was asked and first answered so.';
COMMENT ON COLUMN observations_v.confirmed_at IS 'When it was last answered so.';
COMMENT ON COLUMN observations_v.fresh_until IS 'Until then it is not asked again.';
COMMENT ON COLUMN observations_v.confirmations IS 'Number of equal later answers.';
COMMENT ON COLUMN observations_v.detail IS 'Reason for a missing answer.';
COMMENT ON COLUMN observations_v.parsed IS 'Fields parsed from the answer.';
COMMENT ON COLUMN observations_v.server IS 'The server asked.';
COMMENT ON COLUMN observations_v.took IS 'Duration of the first look-up.';
COMMENT ON COLUMN observations_v.size IS 'Bytes of the answer as it came.';
COMMENT ON COLUMN observations_v.answer_sha256 IS 'SHA-256 of the answer as it came (table answers), in hex.';
