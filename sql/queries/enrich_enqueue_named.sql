WITH mail AS MATERIALIZED (
    SELECT *, ln(1 + greatest(messages - ham, 0)) + 0.2 * ln(1 + ham) AS worth
      FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[]) AS n (domain, messages, ham, first_mail, last_mail)
     WHERE domain ~ '^[a-z0-9_-]+([.][a-z0-9_-]+)+$' AND length(domain) <= 253
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
     ORDER BY m.domain COLLATE "C", t.task
    ON CONFLICT (name, kind, task) DO UPDATE
       SET priority = greatest(l.priority, excluded.priority - CASE WHEN l.asked_at IS NULL THEN 0 ELSE 3 END),
           messages = greatest(l.messages, excluded.messages), last_mail = greatest(l.last_mail, excluded.last_mail)
     WHERE l.messages < excluded.messages OR l.last_mail < excluded.last_mail OR l.last_mail IS NULL AND excluded.last_mail IS NOT NULL
    RETURNING (xmax = 0) AS added
)
SELECT count(*) FILTER (WHERE added) FROM queued
