-- Returns leased look-ups undone. They wake at $2, and $6 names the server for which each waits.
UPDATE lookups AS l SET wake_at = $2, lease_until = NULL, leased_by = NULL, put_off_by = nullif($6, '')
  FROM unnest($3::text[], $4::text[], $5::text[]) AS d (name, kind, task)
 WHERE l.name = d.name AND l.kind = d.kind AND l.task = d.task AND l.leased_by = $1
