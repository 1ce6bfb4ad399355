-- Stores failures. A known one at the same place is updated, and is unresolved again.
INSERT INTO failures (place_key, byte_offset, length, first_import, last_import, path, name, format, code, reason, items)
SELECT key, byte_offset, length, $1, $1, path, nullif(name, ''), nullif(format, ''), code, reason, items
  FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bigint[])
    AS f (key, byte_offset, length, path, name, format, code, reason, items)
    ON CONFLICT (place_key) DO UPDATE
   SET last_import = excluded.last_import, length = excluded.length, code = excluded.code, reason = excluded.reason, items = excluded.items, resolved_import = NULL
