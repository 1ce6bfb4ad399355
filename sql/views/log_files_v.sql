CREATE OR REPLACE VIEW log_files_v AS
SELECT printable(file) AS file, printable(server) AS server, printable(kind) AS kind, first_at, last_at, lines, unknown_lines, zone_seconds, printable(zone_basis) AS zone_basis, printable(year_basis) AS year_basis, shapes
  FROM log_files;

COMMENT ON VIEW log_files_v IS 'One row per log file or queue listing, as it was last read.';
COMMENT ON COLUMN log_files_v.file IS 'Its path, and the name within an archive.';
COMMENT ON COLUMN log_files_v.server IS 'Host that wrote its first line; NULL if the lines do not tell.';
COMMENT ON COLUMN log_files_v.kind IS 'log, postqueue -p, postqueue -j or exim -bp.';
COMMENT ON COLUMN log_files_v.first_at IS 'Its earliest line.';
COMMENT ON COLUMN log_files_v.last_at IS 'Its latest line.';
COMMENT ON COLUMN log_files_v.lines IS 'Lines read, empty ones left out.';
COMMENT ON COLUMN log_files_v.unknown_lines IS 'Lines that were not understood.';
COMMENT ON COLUMN log_files_v.zone_seconds IS 'Seconds east of UTC of stamps without a zone; NULL: nothing told, they are taken for UTC.';
COMMENT ON COLUMN log_files_v.zone_basis IS 'Source of the time zone: option, stamp, queue ids or joined messages; NULL: none.';
COMMENT ON COLUMN log_files_v.year_basis IS 'Source of the year for stamps without one.';
COMMENT ON COLUMN log_files_v.shapes IS 'Shapes of lines that were not understood or are outside the subject: number, first line.';
