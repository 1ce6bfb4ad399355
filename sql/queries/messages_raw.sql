-- Raw messages after key $1 whose facts are of an older extractor than $2 or missing, at most $3.
SELECT r.message_key AS key, m.sha256 AS hash, coalesce(m.ham, i.class = 'ham', false) AS ham, coalesce(m.size, p.length, 0) AS size,
       coalesce(m.extractor, 0) AS extractor, r.data, r.cut, coalesce(m.import_id, p.import_id, 0) AS import,
       coalesce(i.own_names, '{}') AS names, coalesce(i.own_addrs, '{}') AS addrs, coalesce(i.own_inferred, false) AS inferred, coalesce(i.own_mx, '{}') AS exchangers
  FROM raw r
  LEFT JOIN messages m USING (message_key)
  LEFT JOIN LATERAL (SELECT import_id, length FROM places p WHERE m.message_key IS NULL AND p.message_key = r.message_key ORDER BY import_id LIMIT 1) AS p ON true
  LEFT JOIN imports i ON i.import_id = coalesce(m.import_id, p.import_id)
 WHERE r.message_key > $1 AND (m.extractor < $2 OR m.message_key IS NULL)
 ORDER BY r.message_key
 LIMIT $3
