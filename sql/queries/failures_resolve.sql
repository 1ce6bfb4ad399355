UPDATE failures
   SET resolved_import = $1
 WHERE place_key = ANY ($2::bigint[]) AND resolved_import IS NULL
