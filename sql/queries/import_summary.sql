-- Totals of import $1.
WITH mine AS MATERIALIZED (
    SELECT message_key, received_at, date, sender, lower(substring(from_address FROM '@([^@]*)$')) AS from_domain
      FROM messages
     WHERE import_id = $1
)
SELECT i.read, i.added AS new, i.known, i.failed, i.bytes,
       coalesce(m.first, '0001-01-01 00:00:00Z') AS first, coalesce(m.last, '0001-01-01 00:00:00Z') AS last, m.no_received, m.date_off, m.no_date, m.senders,
       (SELECT count(DISTINCT h.address) FROM hops h JOIN mine USING (message_key)) AS hops,
       (SELECT count(DISTINCT u.host) FROM urls u JOIN mine USING (message_key)) AS link_hosts,
       m.from_domains
  FROM imports i,
       (SELECT min(received_at) AS first,
               max(received_at) AS last,
               count(*) FILTER (WHERE received_at IS NULL) AS no_received,
               count(*) FILTER (WHERE abs(extract(epoch FROM date - received_at)) > 7 * 86400) AS date_off,
               count(*) FILTER (WHERE date IS NULL) AS no_date,
               count(DISTINCT sender) AS senders,
               count(DISTINCT from_domain) AS from_domains
          FROM mine) m
 WHERE i.import_id = $1
