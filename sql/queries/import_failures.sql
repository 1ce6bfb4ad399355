SELECT code, count(*) AS messages
  FROM failures
 WHERE $1 IN (first_import, last_import)
 GROUP BY code
 ORDER BY count(*) DESC, code
