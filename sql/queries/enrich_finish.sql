-- Ends leased look-ups with their outcome and the time of the next one.
UPDATE lookups AS l
   SET ready = false, wake_at = d.due, lease_until = NULL, leased_by = NULL, put_off_by = nullif(d.put_off_by, ''),
       asked_at = coalesce(d.asked_at, l.asked_at), fresh_until = coalesce(d.fresh_until, l.fresh_until),
       outcome = coalesce(d.outcome, l.outcome),
       attempts = CASE WHEN d.final THEN 0 ELSE l.attempts + 1 END,
       -- A repeated look-up has less priority than a first one.
       priority = CASE WHEN d.final AND l.asked_at IS NULL THEN greatest(l.priority - 3, 0) ELSE l.priority END
  FROM unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::boolean[], $10::text[], $11::text[])
       AS d (name, kind, task, due, asked_at, fresh_until, final, outcome, put_off_by)
 WHERE l.name = d.name AND l.kind = d.kind AND l.task = d.task
   AND (l.leased_by IS NULL OR l.leased_by = $1 OR l.lease_until <= coalesce($2::timestamptz, now()))
