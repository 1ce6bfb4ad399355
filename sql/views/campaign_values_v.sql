-- A campaign is in one of the two halves; for the other, the server looks once and is done. A run that
-- stores the values of a large campaign takes them from the second half.
CREATE OR REPLACE VIEW campaign_values_v AS
SELECT 'c' || s.campaign_id::text AS campaign_id, v.kind, printable(v.value) AS value, printable(v.details) AS details, v.messages, v.first_seen, v.last_seen,
       v.value AS value_raw, s.campaign_id AS number, v.n::bigint AS place
  FROM campaign_sums s
  JOIN campaign_values v USING (campaign_id)
 WHERE s.valued
UNION ALL
SELECT 'c' || s.campaign_id::text, v.kind, printable(v.value), printable(v.details), v.messages, v.first_seen, v.last_seen, v.value, s.campaign_id,
       row_number() OVER (PARTITION BY 'c' || s.campaign_id::text, s.campaign_id, v.kind ORDER BY v.messages DESC, v.value)
  FROM campaign_sums s
 CROSS JOIN LATERAL (
       SELECT 'sender' AS kind, host(m.sender) AS value, ARRAY[min(m.helo), count(DISTINCT m.helo)::text, max(m.reverse_name)] AS details, count(*) AS messages, min(b.received_at) AS first_seen, max(b.received_at) AS last_seen
         FROM memberships b
         JOIN messages m USING (message_key)
        WHERE b.campaign_id = s.campaign_id AND m.sender IS NOT NULL
        GROUP BY m.sender
       UNION ALL
       SELECT 'subject', coalesce(m.subject, ''), NULL, count(*), min(b.received_at), max(b.received_at)
         FROM memberships b
         JOIN messages m USING (message_key)
        WHERE b.campaign_id = s.campaign_id
        GROUP BY m.subject
       UNION ALL
       SELECT 'day', ((b.received_at AT TIME ZONE 'UTC')::date)::text, ARRAY[count(DISTINCT m.sender)::text, count(DISTINCT m.subject)::text], count(*), min(b.received_at), max(b.received_at)
         FROM memberships b
         JOIN messages m USING (message_key)
        WHERE b.campaign_id = s.campaign_id AND b.received_at IS NOT NULL
        GROUP BY (b.received_at AT TIME ZONE 'UTC')::date
       UNION ALL
       SELECT 'link', coalesce(u.domain, ''), ARRAY[((b.received_at AT TIME ZONE 'UTC')::date)::text, count(DISTINCT m.sender)::text], count(*), min(b.received_at), max(b.received_at)
         FROM memberships b
         JOIN messages m USING (message_key)
         LEFT JOIN LATERAL (SELECT coalesce(l.domain, l.host) AS domain FROM urls l WHERE l.message_key = b.message_key AND l.host IS NOT NULL ORDER BY l.n LIMIT 1) AS u ON true
        WHERE b.campaign_id = s.campaign_id AND b.received_at IS NOT NULL
        GROUP BY u.domain, (b.received_at AT TIME ZONE 'UTC')::date
       UNION ALL
       SELECT 'host', u.host, ARRAY[min(u.domain), max(u.shared), count(*)::text], count(DISTINCT b.message_key), min(b.received_at), max(b.received_at)
         FROM memberships b
         JOIN urls u USING (message_key)
        WHERE b.campaign_id = s.campaign_id AND u.host IS NOT NULL
        GROUP BY u.host
       UNION ALL
       SELECT 'contact', c.value, ARRAY[c.kind], count(DISTINCT b.message_key), min(b.received_at), max(b.received_at)
         FROM memberships b
         JOIN contacts c USING (message_key)
        WHERE b.campaign_id = s.campaign_id
        GROUP BY c.kind, c.value
       UNION ALL
       SELECT 'attachment', encode(p.sha256, 'hex'), (array_agg(DISTINCT p.name) FILTER (WHERE p.name IS NOT NULL))[1:20], count(DISTINCT b.message_key), min(b.received_at), max(b.received_at)
         FROM memberships b
         JOIN parts p USING (message_key)
        WHERE b.campaign_id = s.campaign_id AND p.attachment AND p.sha256 IS NOT NULL
        GROUP BY p.sha256
       UNION ALL
       SELECT 'anomaly', a.code, ARRAY[min(a.reason), min(a.evidence)], count(DISTINCT b.message_key), min(b.received_at), max(b.received_at)
         FROM memberships b
         JOIN anomalies a USING (message_key)
        WHERE b.campaign_id = s.campaign_id
        GROUP BY a.code
       ) AS v
 WHERE NOT s.valued;

COMMENT ON VIEW campaign_values_v IS 'One row per campaign, kind and value that its messages have: senders, subjects, days, links, hosts, contacts, attachments, anomalies. Of campaigns of 1,000 messages or more as of the last run of the correlator, of smaller ones as of now.';
COMMENT ON COLUMN campaign_values_v.campaign_id IS 'The campaign ("c2").';
COMMENT ON COLUMN campaign_values_v.kind IS 'sender, subject, day (UTC), link (domain of the first link, by day), host, contact, attachment (SHA-256 in hex) or anomaly (code).';
COMMENT ON COLUMN campaign_values_v.value IS 'The value; empty: messages without a subject, or without a link.';
COMMENT ON COLUMN campaign_values_v.details IS 'Of a sender a HELO name, their number and a reverse name, of a day its senders and subjects, of a link its day and senders, of a host its domain, why it is shared and the number of links, of a contact its kind, of an attachment up to 20 file names, of an anomaly one reason and evidence; NULL for others.';
COMMENT ON COLUMN campaign_values_v.messages IS 'Messages of the campaign that have it, each once.';
COMMENT ON COLUMN campaign_values_v.first_seen IS 'When our servers received the first of them; NULL if no message tells.';
COMMENT ON COLUMN campaign_values_v.last_seen IS 'When our servers received the last of them; NULL if no message tells.';
COMMENT ON COLUMN campaign_values_v.value_raw IS 'value as it stands. What it holds may command a terminal.';
COMMENT ON COLUMN campaign_values_v.number IS 'Number of the campaign, without its letter: found by index.';
COMMENT ON COLUMN campaign_values_v.place IS 'Place among the values of its kind, 1 for that of most messages: with kind and number found by index.';
