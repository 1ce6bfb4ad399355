-- Stores a log file. A file that is read again keeps the zone from joined messages.
INSERT INTO log_files (file, server, kind, first_at, last_at, lines, unknown_lines, zone_seconds, zone_basis, year_basis, shapes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (file) DO UPDATE
   SET server = excluded.server, kind = excluded.kind, lines = excluded.lines, unknown_lines = excluded.unknown_lines, year_basis = excluded.year_basis, shapes = excluded.shapes,
       first_at = CASE WHEN excluded.zone_seconds IS NULL THEN excluded.first_at - make_interval(secs => coalesce(log_files.zone_seconds, 0)) ELSE excluded.first_at END,
       last_at = CASE WHEN excluded.zone_seconds IS NULL THEN excluded.last_at - make_interval(secs => coalesce(log_files.zone_seconds, 0)) ELSE excluded.last_at END,
       zone_seconds = coalesce(excluded.zone_seconds, log_files.zone_seconds),
       zone_basis = CASE WHEN excluded.zone_seconds IS NULL THEN log_files.zone_basis ELSE excluded.zone_basis END
