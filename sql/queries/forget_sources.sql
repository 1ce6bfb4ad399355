-- Deletes those of the sources $1 without places, their failures, and their paths in arguments of
-- imports.
WITH gone AS (
    DELETE FROM sources s
     WHERE s.source_key = ANY ($1::bigint[])
       AND NOT EXISTS (SELECT FROM places p WHERE p.source_key = s.source_key)
    RETURNING path
), unread AS (
    DELETE FROM failures f USING gone g WHERE f.path = g.path
), given AS (
    SELECT DISTINCT a FROM imports, unnest(arguments) AS a
     WHERE EXISTS (SELECT FROM gone g WHERE a = g.path OR starts_with(g.path, a || '/'))
       AND NOT EXISTS (SELECT FROM sources s WHERE (s.path = a OR starts_with(s.path, a || '/')) AND s.path NOT IN (SELECT path FROM gone))
)
UPDATE imports i
   SET arguments = array(SELECT CASE WHEN x.a IN (SELECT g.a FROM given g) THEN '(forgotten)' ELSE x.a END
                           FROM unnest(i.arguments) WITH ORDINALITY AS x (a, n) ORDER BY n)
 WHERE i.arguments && array(SELECT a FROM given)
