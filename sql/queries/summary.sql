-- Totals of the store.
SELECT (SELECT max(version_id) FROM spoor_migrations) AS schema,
       current_setting('server_version') AS server,
       m.messages,
       m.messages - m.ham AS spam,
       m.ham,
       (SELECT count(*) FROM raw) AS raw_messages,
       m.old AS old_extractor,
       (SELECT count(*) FROM places) AS places,
       (SELECT count(*) FROM sources) AS sources,
       (SELECT count(*) FROM imports) AS imports,
       (SELECT coalesce(max(started_at), '0001-01-01 00:00:00Z') FROM imports) AS last_import,
       (SELECT coalesce(sum(items), 0)::bigint FROM failures WHERE resolved_import IS NULL) AS failures,
       coalesce(m.first, '0001-01-01 00:00:00Z') AS first,
       coalesce(m.last, '0001-01-01 00:00:00Z') AS last,
       pg_database_size(current_database()) AS database_bytes
  FROM (SELECT count(*) AS messages,
               count(*) FILTER (WHERE ham) AS ham,
               count(*) FILTER (WHERE extractor < $1::integer) AS old,
               min(received_at) AS first,
               max(received_at) AS last
          FROM messages) m
