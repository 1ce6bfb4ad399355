-- Leases the ready netblock look-ups of the addresses $1 to $2 for $4.
UPDATE lookups AS l
   SET ready = false, put_off_by = NULL, leased_by = $2,
       lease_until = coalesce($3::timestamptz, now()) + $4::interval, wake_at = coalesce($3::timestamptz, now()) + $4::interval
 WHERE l.name = ANY ($1) AND l.kind = 'address' AND l.task = 'netblock' AND l.ready
RETURNING l.task, l.kind, l.name, l.lane, l.priority::double precision, l.attempts
