-- The $2 commonest senders of import $1, each with its commonest reverse name and HELO name.
SELECT sender AS addr,
       coalesce(mode() WITHIN GROUP (ORDER BY reverse_name), '') AS reverse_name,
       coalesce(mode() WITHIN GROUP (ORDER BY helo), '') AS helo,
       count(*) AS messages
  FROM messages
 WHERE import_id = $1 AND sender IS NOT NULL
 GROUP BY sender
 ORDER BY count(*) DESC, sender
 LIMIT $2
