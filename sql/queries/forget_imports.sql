-- Counts the messages $1 as forgotten in their imports, before they are deleted.
UPDATE imports i
   SET forgotten = i.forgotten + c.n, moved = i.moved - c.moved
  FROM (SELECT m.import_id, count(*) AS n, count(*) FILTER (WHERE m.ham <> (o.class = 'ham')) AS moved
          FROM messages m JOIN imports o USING (import_id)
         WHERE m.message_key = ANY ($1::bigint[]) GROUP BY m.import_id) AS c
 WHERE i.import_id = c.import_id
