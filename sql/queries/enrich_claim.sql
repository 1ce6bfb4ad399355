-- Leases the $2 ready look-ups of lane $1 with the highest priority to $3 for $5. A lease that ends
-- unused becomes ready again at wake_at.
WITH best AS (
    SELECT name, kind, task FROM lookups
     WHERE ready AND lane = $1
     ORDER BY priority DESC LIMIT $2
       FOR UPDATE SKIP LOCKED
)
UPDATE lookups AS l
   SET ready = false, put_off_by = NULL, leased_by = $3,
       lease_until = coalesce($4::timestamptz, now()) + $5::interval, wake_at = coalesce($4::timestamptz, now()) + $5::interval
  FROM best AS b WHERE l.name = b.name AND l.kind = b.kind AND l.task = b.task
RETURNING l.task, l.kind, l.name, l.lane, l.priority::double precision, l.attempts
