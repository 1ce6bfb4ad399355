-- Reserves $4 turns at the server $1, $3 apart, unless it is backed off. Returns the first turn, or
-- the end of the back-off and its reason.
INSERT INTO servers AS s (server, next_at, asked_at, asked)
VALUES ($1, $2::timestamptz + $4::integer * $3::interval, $2, $4)
ON CONFLICT (server) DO UPDATE
   SET next_at  = CASE WHEN s.backed_until > $2 THEN s.next_at ELSE greatest(s.next_at, $2) + $4 * $3::interval END,
       asked    = CASE WHEN s.backed_until > $2 THEN s.asked ELSE s.asked + $4 END,
       asked_at = CASE WHEN s.backed_until > $2 THEN s.asked_at ELSE $2 END
RETURNING next_at - $4 * $3::interval, CASE WHEN backed_until > $2 THEN backed_until END, CASE WHEN backed_until > $2 THEN reason END,
          -- A crash can lose this row without harm: its turns are over by the restart.
          set_config('synchronous_commit', 'off', true)
