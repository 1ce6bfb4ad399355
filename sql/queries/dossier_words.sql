-- Header fields and HELO names of members of campaign $1, with the number of messages with each.
WITH mine AS (
    SELECT v.kind, v.value, count(*) AS members, min(m.received_at) AS first_seen, max(m.received_at) AS last_seen
      FROM memberships b
      JOIN messages m USING (message_key)
     CROSS JOIN LATERAL (VALUES ('helo', m.helo), ('subject', m.subject), ('from', m.from_address), ('mailer', m.mailer)) AS v(kind, value)
     WHERE b.campaign_id = $1 AND v.value IS NOT NULL
     GROUP BY v.kind, v.value
), everywhere AS (
    SELECT kind, value, count(*) FILTER (WHERE NOT m.ham) AS spam, count(*) FILTER (WHERE m.ham) AS ham
      FROM messages m
     CROSS JOIN LATERAL (VALUES ('helo', m.helo), ('subject', m.subject), ('from', m.from_address), ('mailer', m.mailer)) AS v(kind, value)
      JOIN mine USING (kind, value)
     GROUP BY kind, value
)
SELECT kind, value, members, spam, ham, coalesce(first_seen, '0001-01-01 00:00:00Z') AS first_seen, coalesce(last_seen, '0001-01-01 00:00:00Z') AS last_seen,
       '' AS shared, false AS unseen
  FROM mine
  JOIN everywhere USING (kind, value)
 ORDER BY kind, members DESC, value
