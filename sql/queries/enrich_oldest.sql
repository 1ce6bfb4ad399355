-- Time since which the oldest unclaimed domain look-up could have started. wake_at of a new look-up is
-- the time at which it was queued.
SELECT coalesce(min(wake_at), '0001-01-01 00:00:00Z') AS since
  FROM lookups
 WHERE kind = 'domain' AND asked_at IS NULL AND fresh_until IS NULL
