-- Sets the zone of the file $1, found by joined messages. Its times shift only the first time.
UPDATE log_files
   SET zone_seconds = $2, zone_basis = 'joined messages',
       first_at = CASE WHEN zone_basis IS NULL THEN first_at - $3::interval ELSE first_at END,
       last_at = CASE WHEN zone_basis IS NULL THEN last_at - $3::interval ELSE last_at END
 WHERE file = $1
