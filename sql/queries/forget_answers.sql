DELETE FROM answers a
 WHERE a.answer_hash = ANY ($1::bytea[])
   AND NOT EXISTS (SELECT FROM observations o WHERE o.answer_hash = a.answer_hash)
