-- Look-ups that wait for a server's back-off, by server and lane.
SELECT l.put_off_by AS server, l.lane, count(*) AS tasks, min(l.wake_at) AS until, coalesce(min(s.reason), '') AS reason
  FROM lookups l
  LEFT JOIN servers s ON s.server = l.put_off_by
 WHERE l.put_off_by IS NOT NULL AND NOT l.ready AND l.leased_by IS NULL
 GROUP BY l.put_off_by, l.lane
 ORDER BY tasks DESC, server
