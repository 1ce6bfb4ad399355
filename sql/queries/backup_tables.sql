-- Our tables and their columns, without those of the migration tool. Each of our tables has a comment;
-- a table without one belongs to somebody else.
SELECT c.relname AS name, array_agg(quote_ident(a.attname) ORDER BY a.attnum) AS columns
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname NOT IN ('spoor_migrations', 'view_versions')
   AND obj_description(c.oid, 'pg_class') IS NOT NULL
 GROUP BY c.relname ORDER BY c.relname
