SELECT sender,
       coalesce(mode() WITHIN GROUP (ORDER BY reverse_name), ''),
       coalesce(mode() WITHIN GROUP (ORDER BY helo), ''),
       count(*)
  FROM messages
 WHERE import_id = $1 AND sender IS NOT NULL
 GROUP BY sender
 ORDER BY count(*) DESC, sender
 LIMIT $2
