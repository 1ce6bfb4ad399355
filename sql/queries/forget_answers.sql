-- Deletes those of the answers $1 that no observation has any more.
DELETE FROM answers a
 WHERE a.answer_hash = ANY ($1::bytea[])
   AND NOT EXISTS (SELECT FROM observations o WHERE o.answer_hash = a.answer_hash)
