CREATE OR REPLACE VIEW sightings_v AS
SELECT s.seen_at, printable(s.source) AS source, s.kind, printable(s.value) AS value, printable(s.note) AS note, 'c' || c.campaign_id AS campaign_id, c.messages, c.first_seen, c.last_seen,
       s.seen_at - c.first_seen AS after_first, s.added_at
  FROM sightings s
  LEFT JOIN LATERAL (
       SELECT b.campaign_id, count(DISTINCT k.message_key) AS messages, min(m.received_at) AS first_seen, max(m.received_at) AS last_seen
         FROM (SELECT u.message_key FROM urls u WHERE s.kind = 'host' AND u.host = s.value
               UNION ALL SELECT u.message_key FROM urls u WHERE s.kind = 'host' AND u.domain = s.value
               UNION ALL SELECT u.message_key FROM urls u WHERE s.kind = 'url' AND u.url = s.value AND u.host = split_part(split_part(split_part(s.value, '://', 2), '/', 1), ':', 1)
               UNION ALL SELECT x.message_key FROM contacts x WHERE s.kind IN ('mail', 'phone') AND x.value = s.value
               UNION ALL SELECT m.message_key FROM messages m WHERE s.kind = 'net' AND m.sender <<= s.network
               UNION ALL SELECT m.message_key FROM messages m WHERE s.kind = 'message-id' AND m.message_id = s.value
               UNION ALL SELECT p.message_key FROM parts p WHERE s.kind = 'hash' AND p.attachment AND p.sha256 = CASE WHEN s.kind = 'hash' THEN decode(s.value, 'hex') END
               UNION ALL SELECT m.message_key FROM messages m WHERE s.kind = 'text' AND m.subject_key = s.value) AS k
         JOIN messages m USING (message_key)
         LEFT JOIN memberships b USING (message_key)
        WHERE NOT m.ham
        GROUP BY b.campaign_id) AS c ON true;

COMMENT ON VIEW sightings_v IS 'One row per outside sighting and campaign with the sighted value; one row without messages if our mail has none.';
COMMENT ON COLUMN sightings_v.seen_at IS 'When others saw it, as they say.';
COMMENT ON COLUMN sightings_v.source IS 'Source of the sighting.';
COMMENT ON COLUMN sightings_v.kind IS 'Kind of the value: host, url, net, mail, phone, message-id, hash, text.';
COMMENT ON COLUMN sightings_v.value IS 'The value in its normal form.';
COMMENT ON COLUMN sightings_v.note IS 'Note of the source.';
COMMENT ON COLUMN sightings_v.campaign_id IS 'The campaign ("c2") whose mail has it; NULL: messages in none, or no messages at all.';
COMMENT ON COLUMN sightings_v.messages IS 'Messages of the campaign that have it; NULL if no mail of ours has.';
COMMENT ON COLUMN sightings_v.first_seen IS 'When our own servers took the first of them.';
COMMENT ON COLUMN sightings_v.last_seen IS 'When our own servers took the last of them.';
COMMENT ON COLUMN sightings_v.after_first IS 'From our first message to their sighting; negative: they saw it before us.';
COMMENT ON COLUMN sightings_v.added_at IS 'When it was imported.';
