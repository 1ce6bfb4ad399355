-- Ends an import. The number of added messages comes from the batches, because another process can
-- have stored some messages that this one counted as new.
UPDATE imports
   SET finished_at = greatest($2, started_at),
       read        = $3,
       known       = $3 - added - $4,
       failed      = $4,
       bytes       = $5
 WHERE import_id = $1
