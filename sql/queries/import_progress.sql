-- Batches of one run may commit in another order than that of their counts.
UPDATE imports
   SET read   = greatest(read, $2),
       added  = added + $3,
       failed = greatest(failed, $4),
       bytes  = greatest(bytes, $5),
       known  = greatest(greatest(read, $2) - (added + $3) - greatest(failed, $4), 0)
 WHERE import_id = $1
