-- Queues look-ups of addresses that another answer gave. A waiting one keeps the higher priority.
INSERT INTO lookups AS l (task, kind, name, address, lane, priority, ready, wake_at)
SELECT n.task, 'address', host(n.address), n.address, n.lane, n.priority, true, coalesce($5::timestamptz, now())
  FROM unnest($1::inet[], $2::text[], $3::text[], $4::double precision[]) AS n (address, task, lane, priority)
 ORDER BY host(n.address) COLLATE "C", n.task
ON CONFLICT (name, kind, task) DO UPDATE SET priority = excluded.priority
 WHERE l.asked_at IS NULL AND l.priority < excluded.priority
