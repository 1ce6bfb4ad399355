-- Marks those of the failures $2 as resolved that import $1 did not meet again.
UPDATE failures
   SET resolved_import = $1
 WHERE failure_id = ANY ($2::bigint[]) AND last_import < $1 AND resolved_import IS NULL
