SELECT m.message_key, m.sha256, m.ham, m.size, m.extractor, r.data, r.cut, i.own_names, i.own_addrs, i.own_inferred
  FROM messages m
  JOIN raw r USING (message_key)
  JOIN imports i USING (import_id)
 WHERE m.message_key > $1 AND m.extractor < $2
 ORDER BY m.message_key
 LIMIT $3
