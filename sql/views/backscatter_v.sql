CREATE OR REPLACE VIEW backscatter_v AS
SELECT 'c' || b.campaign_id::text AS campaign_id,
       b.matched_by,
       encode(m.sha256, 'hex') AS sha256,
       printable(m.message_id) AS message_id,
       m.received_at,
       printable(r.reporter) AS reporter,
       printable(r.returned_id) AS returned_id,
       printable(r.returned_subject) AS returned_subject,
       printable(r.returned_domains) AS returned_domains,
       b.message_key
  FROM backscatter b
  JOIN messages m USING (message_key)
  CROSS JOIN LATERAL (SELECT * FROM reports r WHERE r.message_key = b.message_key ORDER BY r.n LIMIT 1) AS r;

COMMENT ON VIEW backscatter_v IS 'One row per delivery report that returns mail of a campaign, as of the last complete run of the correlator. The campaign forged our address as sender; the report is no member of it.';
COMMENT ON COLUMN backscatter_v.campaign_id IS 'the campaign whose mail it returns ("c2")';
COMMENT ON COLUMN backscatter_v.matched_by IS 'Message-ID: a member has that of the returned message; links: members link to its domains, and those of no other campaign do; subject: members have its subject, and those of no other campaign do';
COMMENT ON COLUMN backscatter_v.sha256 IS 'SHA-256 of the report''s bytes in hex: its identity';
COMMENT ON COLUMN backscatter_v.message_id IS 'Message-ID of the report without its brackets; NULL if it has none';
COMMENT ON COLUMN backscatter_v.received_at IS 'when our own server took the report; NULL if no hop can be believed or it bears no time';
COMMENT ON COLUMN backscatter_v.reporter IS 'the server that reports; NULL if it does not say';
COMMENT ON COLUMN backscatter_v.returned_id IS 'Message-ID of the returned message; NULL if the report does not quote it';
COMMENT ON COLUMN backscatter_v.returned_subject IS 'Subject of the returned message in normal form; NULL if the report does not quote it';
COMMENT ON COLUMN backscatter_v.returned_domains IS 'registered domains that the returned message links to; NULL if the report quotes none';
COMMENT ON COLUMN backscatter_v.message_key IS 'key that joins all views of messages';
