INSERT INTO log_files (file, server, kind, first_at, last_at, lines, unknown_lines, zone_seconds, zone_basis, year_basis, shapes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (file) DO UPDATE SET server = excluded.server, kind = excluded.kind, first_at = excluded.first_at, last_at = excluded.last_at, lines = excluded.lines,
unknown_lines = excluded.unknown_lines, zone_seconds = excluded.zone_seconds, zone_basis = excluded.zone_basis, year_basis = excluded.year_basis, shapes = excluded.shapes
