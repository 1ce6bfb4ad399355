-- Counts the mail of the domains $1 again.
WITH counted AS (
    UPDATE domains d
       SET messages = c.messages, ham = c.ham, first_mail = c.first_mail, last_mail = c.last_mail
      FROM (SELECT n.name, count(m.message_key) AS messages, count(m.message_key) FILTER (WHERE m.ham) AS ham,
                   min(m.received_at) AS first_mail, max(m.received_at) AS last_mail
              FROM unnest($1::text[]) AS n (name)
              LEFT JOIN LATERAL (
                   SELECT u.message_key FROM urls u WHERE u.domain = n.name
                   UNION SELECT k.message_key FROM contacts k
                          WHERE k.kind = 'mail' AND (lower(split_part(k.value, '@', 2)) = n.name OR lower(split_part(k.value, '@', 2)) LIKE '%.' || n.name)
              ) AS x ON true
              LEFT JOIN messages m USING (message_key)
             GROUP BY n.name) AS c
     WHERE d.domain = c.name
    RETURNING d.domain, d.looked_up_at
)
INSERT INTO domain_changes (kind, name) SELECT 'name', domain FROM counted WHERE looked_up_at IS NOT NULL
