-- Leaves the server $1 alone until $2 for the reason $3. A shorter back-off never replaces a longer
-- one.
INSERT INTO servers AS s (server, next_at, backed_until, backed_at, backed_offs, reason)
VALUES ($1, $2, $2, now(), 1, $3)
ON CONFLICT (server) DO UPDATE
   SET backed_until = excluded.backed_until, backed_at = excluded.backed_at,
       next_at = greatest(s.next_at, excluded.backed_until), reason = excluded.reason,
       backed_offs = s.backed_offs + 1
 WHERE s.backed_until IS NULL OR s.backed_until < excluded.backed_until
