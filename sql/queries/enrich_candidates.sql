-- The $2 ready address look-ups of lane $1 with the highest priority, locked. covered: a known
-- netblock answers it. explored: a netblock is known in its /16 (/32 of IPv6). barren: a look-up in
-- its /24 (/48) found nothing.
SELECT l.name, l.address,
       EXISTS (SELECT FROM netblocks n
                WHERE n.prefix >>= l.address AND n.fresh_until > coalesce($3::timestamptz, now()) AND n.ended_at IS NULL) AS covered,
       EXISTS (SELECT FROM netblocks n
                WHERE n.prefix && network(set_masklen(l.address, CASE family(l.address) WHEN 4 THEN 16 ELSE 32 END))
                  AND n.fresh_until > coalesce($3::timestamptz, now()) AND n.ended_at IS NULL) AS explored,
       EXISTS (SELECT FROM lookups n
                WHERE n.task = 'netblock' AND n.outcome = 'none' AND n.fresh_until > coalesce($3::timestamptz, now())
                  AND n.address >= host(network(set_masklen(l.address, CASE family(l.address) WHEN 4 THEN 24 ELSE 48 END)))::inet
                  AND n.address <= host(broadcast(set_masklen(l.address, CASE family(l.address) WHEN 4 THEN 24 ELSE 48 END)))::inet) AS barren
  FROM lookups l
 WHERE l.ready AND l.lane = $1
 ORDER BY l.priority DESC LIMIT $2
   FOR UPDATE SKIP LOCKED
