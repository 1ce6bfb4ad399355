WITH per_message AS (
    SELECT domain, message_key, bool_and(shared IS NOT NULL) AS shared, bool_and(shared IS NOT NULL AND tenant IS NOT NULL) AS tenant
      FROM urls
     WHERE domain ~ '^[a-z0-9_-]+([.][a-z0-9_-]+)+$' AND length(domain) <= 253
     GROUP BY domain, message_key
), mail AS MATERIALIZED (
    SELECT p.domain, count(*) AS messages, count(*) FILTER (WHERE m.ham) AS ham,
           min(m.received_at) AS first_mail, max(m.received_at) AS last_mail,
           bool_and(p.tenant) AS tenant,
           (ln(1 + count(*) FILTER (WHERE NOT m.ham)) + 0.2 * ln(1 + count(*) FILTER (WHERE m.ham)))
           * CASE WHEN bool_and(p.shared) THEN 0.1 ELSE 1 END AS worth
      FROM per_message p
      JOIN messages m USING (message_key)
     GROUP BY p.domain
), known AS (
    INSERT INTO domains AS d (domain, messages, ham, first_mail, last_mail)
    SELECT domain, messages, ham, first_mail, last_mail FROM mail ORDER BY domain COLLATE "C"
    ON CONFLICT (domain) DO UPDATE
       SET messages = greatest(d.messages, excluded.messages), ham = greatest(d.ham, excluded.ham),
           first_mail = least(d.first_mail, excluded.first_mail), last_mail = greatest(d.last_mail, excluded.last_mail)
     WHERE (d.messages, d.ham, d.first_mail, d.last_mail) IS DISTINCT FROM
           (greatest(d.messages, excluded.messages), greatest(d.ham, excluded.ham), least(d.first_mail, excluded.first_mail), greatest(d.last_mail, excluded.last_mail))
    RETURNING domain, looked_up_at
), aged AS (
    INSERT INTO domain_changes (kind, name) SELECT 'name', domain FROM known WHERE looked_up_at IS NOT NULL
), queued AS (
    INSERT INTO lookups AS l (task, kind, name, domain, lane, priority, messages, last_mail, ready, wake_at)
    SELECT t.task, 'domain', m.domain, m.domain, CASE t.task WHEN 'names' THEN 'dns' ELSE substring(m.domain FROM '[^.]+$') END,
           m.worth + 3, m.messages, m.last_mail, true, $1::timestamptz
      FROM mail m
     CROSS JOIN (VALUES ('registration'), ('names')) AS t (task)
     -- A customer's name at a shared host is in no registry.
     WHERE t.task = 'names' OR NOT m.tenant
     ORDER BY m.domain COLLATE "C", t.task
    ON CONFLICT (name, kind, task) DO UPDATE
       SET priority = greatest(l.priority, excluded.priority - CASE WHEN l.asked_at IS NULL THEN 0 ELSE 3 END),
           messages = greatest(l.messages, excluded.messages), last_mail = greatest(l.last_mail, excluded.last_mail),
           wake_at = CASE WHEN l.ready OR l.leased_by IS NOT NULL OR l.attempts > 0 THEN l.wake_at
                          ELSE least(l.wake_at, greatest(coalesce(l.fresh_until, l.wake_at), $1::timestamptz)) END
     WHERE l.messages < excluded.messages OR l.last_mail < excluded.last_mail OR l.last_mail IS NULL AND excluded.last_mail IS NOT NULL
    RETURNING (xmax = 0) AS added
)
SELECT count(*) FILTER (WHERE added) FROM queued
