SELECT task,
       count(*) AS "all",
       count(*) FILTER (WHERE ready OR leased_by IS NULL AND wake_at <= coalesce($1::timestamptz, now())) AS due,
       count(*) FILTER (WHERE lease_until > coalesce($1::timestamptz, now())) AS leased,
       count(*) FILTER (WHERE fresh_until > coalesce($1::timestamptz, now())) AS fresh,
       count(*) FILTER (WHERE NOT ready AND leased_by IS NULL AND attempts > 0 AND put_off_by IS NULL) AS retry,
       count(*) FILTER (WHERE NOT ready AND leased_by IS NULL AND put_off_by IS NOT NULL) AS put_off,
       count(*) FILTER (WHERE asked_at IS NULL AND fresh_until IS NULL) AS never,
       coalesce(min(wake_at) FILTER (WHERE NOT ready AND leased_by IS NULL), '0001-01-01 00:00:00Z') AS next_due
  FROM lookups
 GROUP BY task
 ORDER BY task
