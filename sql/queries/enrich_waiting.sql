-- Look-ups that others hold, and the time at which the next waiting one can start. It leaves out the
-- lanes $3, which the caller does not use.
SELECT (SELECT count(*) FROM lookups
         WHERE leased_by <> $1 AND lease_until > coalesce($2::timestamptz, now()) AND lane <> ALL ($3::text[])),
       (SELECT min(wake_at) FROM lookups
         WHERE NOT ready AND leased_by IS NULL AND put_off_by IS NULL AND lane <> ALL ($3::text[]))
