-- Failures of import $1 (0: all), with the resolved ones if $2, at most $3 (0: all).
SELECT failure_id AS id, path, coalesce(name, '') AS name, byte_offset AS offset, length, code, reason, first_import, last_import,
       coalesce(resolved_import, 0) AS resolved_import, class, items
  FROM failures
  JOIN imports ON import_id = last_import
 WHERE ($1::bigint = 0 OR $1 IN (first_import, last_import))
   AND ($2::boolean OR resolved_import IS NULL)
 ORDER BY path, name NULLS FIRST, byte_offset, failure_id
 LIMIT nullif($3::bigint, 0)
