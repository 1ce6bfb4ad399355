UPDATE imports i
   SET forgotten = i.forgotten + c.n
  FROM (SELECT import_id, count(*) AS n FROM messages WHERE message_key = ANY ($1::bigint[]) GROUP BY import_id) AS c
 WHERE i.import_id = c.import_id
