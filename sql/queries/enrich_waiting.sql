-- Lanes of which the caller asks nothing ($3) are no reason to wait.
SELECT (SELECT count(*) FROM lookups
         WHERE leased_by <> $1 AND lease_until > coalesce($2::timestamptz, now()) AND lane <> ALL ($3::text[])),
       (SELECT min(wake_at) FROM lookups
         WHERE NOT ready AND leased_by IS NULL AND put_off_by IS NULL AND lane <> ALL ($3::text[]))
