-- Marks the failures at the places $2 as resolved by import $1.
UPDATE failures
   SET resolved_import = $1
 WHERE place_key = ANY ($2::bigint[]) AND resolved_import IS NULL
