-- Messages of import $1 by code of defect.
SELECT d.code, count(DISTINCT d.message_key) AS messages
  FROM defects d
  JOIN messages m USING (message_key)
 WHERE m.import_id = $1
 GROUP BY d.code
 ORDER BY count(DISTINCT d.message_key) DESC, d.code
