-- Since when the longest-waiting domain could have been asked about. A look-up that nobody
-- has claimed yet wakes when it is queued.
SELECT coalesce(min(wake_at), '0001-01-01 00:00:00Z') AS since
  FROM lookups
 WHERE kind = 'domain' AND asked_at IS NULL AND fresh_until IS NULL
