-- Finishes the look-ups of addresses $1 that a fresh netblock already covers. They wake when it
-- expires.
UPDATE lookups AS l
   SET ready = false, wake_at = f.fresh_until, fresh_until = f.fresh_until, attempts = 0, outcome = 'answered'
  FROM unnest($1::text[]) AS n (name)
 CROSS JOIN LATERAL (SELECT max(b.fresh_until) AS fresh_until FROM netblocks b WHERE b.prefix >>= n.name::inet AND b.ended_at IS NULL) AS f
 WHERE l.name = n.name AND l.kind = 'address' AND l.task = 'netblock' AND f.fresh_until > coalesce($2::timestamptz, now())
