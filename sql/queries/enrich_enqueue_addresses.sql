WITH named AS (
    SELECT sender AS address, ham, received_at FROM messages WHERE sender IS NOT NULL
    UNION ALL
    SELECT u.address, m.ham, m.received_at FROM urls u JOIN messages m USING (message_key) WHERE u.address IS NOT NULL
), mail AS (
    SELECT address, count(*) AS messages, max(received_at) AS last_mail,
           ln(1 + count(*) FILTER (WHERE NOT ham)) + 0.2 * ln(1 + count(*) FILTER (WHERE ham)) AS worth
      FROM named
     -- Special addresses without a holder: RFC 1918, 1122, 3927, 5771, 4193, 4291.
     WHERE NOT (address <<= '10.0.0.0/8' OR address <<= '172.16.0.0/12' OR address <<= '192.168.0.0/16' OR address <<= '127.0.0.0/8'
             OR address <<= '0.0.0.0/8' OR address <<= '169.254.0.0/16' OR address <<= '224.0.0.0/3'
             OR address <<= 'fc00::/7' OR address <<= 'fe80::/10' OR address <<= 'ff00::/8' OR address IN ('::', '::1'))
     GROUP BY address
), queued AS (
    INSERT INTO lookups AS l (task, kind, name, address, lane, priority, messages, last_mail, ready, wake_at)
    SELECT t.task, 'address', host(m.address), m.address, CASE t.task WHEN 'reverse' THEN 'dns' ELSE 'addresses' END,
           m.worth + 3, m.messages, m.last_mail, true, $1::timestamptz
      FROM mail m
     CROSS JOIN (VALUES ('reverse'), ('netblock')) AS t (task)
     ORDER BY host(m.address) COLLATE "C", t.task
    ON CONFLICT (name, kind, task) DO UPDATE
       SET priority = greatest(l.priority, excluded.priority - CASE WHEN l.asked_at IS NULL THEN 0 ELSE 3 END),
           messages = greatest(l.messages, excluded.messages), last_mail = greatest(l.last_mail, excluded.last_mail)
     WHERE l.messages < excluded.messages OR l.last_mail < excluded.last_mail OR l.last_mail IS NULL AND excluded.last_mail IS NOT NULL
    RETURNING (xmax = 0) AS added
)
SELECT count(*) FILTER (WHERE added) FROM queued
