-- Raw bytes of the messages $1, with the own servers that their imports assumed.
SELECT m.message_key AS key, m.sha256 AS hash, m.ham, m.size, m.extractor, r.data, r.cut, m.import_id AS import,
       coalesce(i.own_names, '{}') AS names, coalesce(i.own_addrs, '{}') AS addrs, coalesce(i.own_inferred, false) AS inferred, coalesce(i.own_mx, '{}') AS exchangers
  FROM messages m
  JOIN raw r USING (message_key)
  LEFT JOIN imports i USING (import_id)
 WHERE m.message_key = ANY ($1::bigint[])
 ORDER BY m.message_key
