WITH per_message AS (
    SELECT host, domain, message_key, bool_and(shared IS NOT NULL) AS shared
      FROM urls
     WHERE address IS NULL AND host IS DISTINCT FROM domain
       AND host ~ '^[a-z0-9_-]+([.][a-z0-9_-]+)+$' AND length(host) <= 253
     GROUP BY host, domain, message_key
), mail AS (
    SELECT p.host, min(p.domain) AS domain, count(*) AS messages, max(m.received_at) AS last_mail,
           (ln(1 + count(*) FILTER (WHERE NOT m.ham)) + 0.2 * ln(1 + count(*) FILTER (WHERE m.ham)))
           * CASE WHEN bool_and(p.shared) THEN 0.1 ELSE 1 END AS worth
      FROM per_message p
      JOIN messages m USING (message_key)
     GROUP BY p.host
), queued AS (
    INSERT INTO lookups AS l (task, kind, name, domain, lane, priority, messages, last_mail, ready, wake_at)
    SELECT 'names', 'host', host, domain, 'dns', worth + 3, messages, last_mail, true, $1::timestamptz
      FROM mail
     ORDER BY host COLLATE "C"
    ON CONFLICT (name, kind, task) DO UPDATE
       SET priority = greatest(l.priority, excluded.priority - CASE WHEN l.asked_at IS NULL THEN 0 ELSE 3 END),
           messages = greatest(l.messages, excluded.messages), last_mail = greatest(l.last_mail, excluded.last_mail)
     WHERE l.messages < excluded.messages OR l.last_mail < excluded.last_mail OR l.last_mail IS NULL AND excluded.last_mail IS NOT NULL
    RETURNING (xmax = 0) AS added
)
SELECT count(*) FILTER (WHERE added) FROM queued
