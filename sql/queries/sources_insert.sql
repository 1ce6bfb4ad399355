INSERT INTO sources (source_key, first_import, format, path)
SELECT key, $1, nullif(format, ''), path
  FROM unnest($2::bigint[], $3::text[], $4::text[]) AS s (key, path, format)
 ORDER BY key
    ON CONFLICT DO NOTHING
