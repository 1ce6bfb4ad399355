CREATE OR REPLACE VIEW failures_v AS
SELECT failure_id,
       printable(path) AS path,
       printable(name) AS name,
       byte_offset,
       length,
       code,
       printable(reason) AS reason,
       first_import,
       last_import,
       resolved_import,
       items
  FROM failures;

COMMENT ON VIEW failures_v IS 'One row per place at which something could not be read as a message; of a hundred and more of one kind in one source one row sums up the rest.';
COMMENT ON COLUMN failures_v.failure_id IS 'Number of the failure.';
COMMENT ON COLUMN failures_v.path IS 'The mbox, folder or archive.';
COMMENT ON COLUMN failures_v.name IS 'Name within it.';
COMMENT ON COLUMN failures_v.byte_offset IS 'Byte at which it starts, in the decompressed stream.';
COMMENT ON COLUMN failures_v.length IS 'Its bytes, as far as they are known.';
COMMENT ON COLUMN failures_v.code IS 'Kind of failure: short and stable.';
COMMENT ON COLUMN failures_v.reason IS 'The fault in words.';
COMMENT ON COLUMN failures_v.first_import IS 'The run that met it first (imports_v.import_id).';
COMMENT ON COLUMN failures_v.last_import IS 'The run that met it last.';
COMMENT ON COLUMN failures_v.resolved_import IS 'The run that could read it after all; NULL while it stands.';
COMMENT ON COLUMN failures_v.items IS 'Number of failures that the row stands for: 1, or the number summed up.';
