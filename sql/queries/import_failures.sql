-- Failures of import $1 by code.
SELECT code, sum(items)::bigint AS messages
  FROM failures
 WHERE $1 IN (first_import, last_import)
 GROUP BY code
 ORDER BY sum(items) DESC, code
