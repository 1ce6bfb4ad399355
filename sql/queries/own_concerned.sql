-- Every message with the names and addresses of its hops. inferred: its import guessed our own
-- servers.
SELECT m.message_key,
       $1::boolean AND coalesce(i.own_inferred, true),
       coalesce(h.names, '{}'),
       coalesce(h.addresses, '{}')
  FROM messages m
  LEFT JOIN imports i USING (import_id)
  LEFT JOIN LATERAL (
       SELECT array_remove(array_agg(DISTINCT x.name), NULL) AS names, array_remove(array_agg(DISTINCT x.address), NULL) AS addresses
         FROM hops p, LATERAL (VALUES (p.by_name, p.by_address), (p.helo, p.address), (p.reverse_name, NULL)) AS x (name, address)
        WHERE p.message_key = m.message_key) AS h ON true
 ORDER BY m.message_key
