-- Number of subjects by task and last outcome.
SELECT task, coalesce(outcome, 'never asked') AS outcome, count(*) AS subjects
  FROM lookups
 GROUP BY 1, 2
 ORDER BY 1, 3 DESC, 2
