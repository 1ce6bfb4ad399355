-- Makes at most 20,000 look-ups ready whose time has come, leased ones included: their lease has run
-- out.
WITH due AS (
    SELECT name, kind, task FROM lookups
     WHERE NOT ready AND wake_at <= coalesce($1::timestamptz, now())
     ORDER BY wake_at LIMIT 20000
       FOR UPDATE SKIP LOCKED
)
UPDATE lookups AS l SET ready = true, lease_until = NULL, leased_by = NULL
  FROM due AS d WHERE l.name = d.name AND l.kind = d.kind AND l.task = d.task
