-- Statements that set each identity column's sequence behind its greatest value, after a restore.
SELECT format('SELECT setval(%L, (SELECT coalesce(max(%I), 0) + 1 FROM %I), false)', pg_get_serial_sequence(c.relname, a.attname), a.attname, c.relname)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attidentity <> '' AND c.relname NOT IN ('spoor_migrations', 'view_versions')
