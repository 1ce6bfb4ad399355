-- Addresses that sent members of campaign $1, with their other mail and their registration.
SELECT s.addr, s.messages, s.helo, s.nameless, s.first_seen, s.last_seen, coalesce(nullif(s.recorded_name, ''), p.name, '') AS reverse_name, e.spam, e.ham, n.prefix AS netblock, coalesce(n.name, '') AS net_name, coalesce(n.owner, '') AS owner, coalesce(n.country, '') AS country,
       coalesce(n.asns[1], 0) AS asn, coalesce(n.as_names[1], '') AS as_name, coalesce(n.abuse_email, '') AS abuse_mail, coalesce(n.registry, '') AS registry,
       coalesce(n.asked_at, '0001-01-01 00:00:00Z') AS looked_up, coalesce(n.confirmed_at, '0001-01-01 00:00:00Z') AS confirmed
  FROM (SELECT m.sender AS addr, count(*) AS messages, coalesce(mode() WITHIN GROUP (ORDER BY m.helo), '') AS helo,
               coalesce(mode() WITHIN GROUP (ORDER BY m.reverse_name), '') AS recorded_name, coalesce(bool_or(m.reverse_state = 'unknown'), false) AS nameless,
               coalesce(min(m.received_at), '0001-01-01 00:00:00Z') AS first_seen, coalesce(max(m.received_at), '0001-01-01 00:00:00Z') AS last_seen
          FROM memberships b
          JOIN messages m USING (message_key)
         WHERE b.campaign_id = $1 AND m.sender IS NOT NULL
         GROUP BY m.sender) AS s
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE NOT m.ham) AS spam, count(*) FILTER (WHERE m.ham) AS ham FROM messages m WHERE m.sender = s.addr) AS e
  LEFT JOIN LATERAL netblock_at(s.addr, now()) AS n ON true
  -- A name that resolves back to the address, if our own server recorded none.
  LEFT JOIN LATERAL (SELECT min(v.value) AS name FROM observed_values v
                      WHERE v.subject = host(s.addr) AND v.source = 'ptr' AND v.field = 'ptr.confirmed' AND v.until IS NULL) AS p ON true
 ORDER BY s.messages DESC, s.addr
