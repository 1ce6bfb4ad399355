-- Reports about campaign $1, each with the mail and the last observation since it was first made.
SELECT a.report_id::text AS report_id, a.made_at, a.last_made, a.times, a.contact, a.role, a.source, a.messages,
       coalesce(a.last_seen, '0001-01-01 00:00:00Z') AS last_seen, coalesce(s.since, 0) AS messages_since, coalesce(s.last, '0001-01-01 00:00:00Z') AS last_since,
       coalesce(o.outcome, '') AS outcome, coalesce(o.confirmed_at, '0001-01-01 00:00:00Z') AS looked_at, coalesce(d.state, '') AS state,
       coalesce(d.looked_up_at, '0001-01-01 00:00:00Z') AS state_at
  FROM abuse_reports a
  LEFT JOIN LATERAL (
       SELECT count(*) AS since, max(m.received_at) AS last
         FROM messages m
        WHERE m.received_at > a.made_at AND NOT m.ham
          AND CASE a.role WHEN 'netblock' THEN m.sender = (CASE WHEN a.role = 'netblock' THEN a.source::inet END)
                          ELSE m.message_key IN (SELECT u.message_key FROM urls u WHERE u.host = a.source OR u.domain = a.source
                                                 UNION ALL SELECT u.message_key FROM urls u WHERE a.role = 'platform' AND u.host = split_part(split_part(a.source, '://', 2), '/', 1) AND u.url = a.source
                                                 UNION ALL SELECT c.message_key FROM contacts c WHERE a.role = 'platform' AND c.value = a.source) END) AS s ON true
  LEFT JOIN LATERAL (
       SELECT o.outcome, o.confirmed_at FROM observations o
        WHERE o.subject = a.source AND o.kind IN ('domain', 'host') AND o.source = 'dns' AND o.outcome IN ('answered', 'none') AND o.confirmed_at > a.made_at
        ORDER BY o.confirmed_at DESC LIMIT 1) AS o ON true
  LEFT JOIN domains d ON a.role = 'registrar' AND d.domain = a.source AND d.looked_up_at > a.made_at
 WHERE a.campaign_id = $1
 ORDER BY a.contact, a.role, a.source, a.made_at
