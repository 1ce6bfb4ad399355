-- Adds a batch to an import. Batches commit in any order, so that totals only grow.
UPDATE imports
   SET read   = greatest(read, $2),
       added  = added + $3,
       failed = greatest(failed, $4),
       bytes  = greatest(bytes, $5),
       known  = greatest(greatest(read, $2) - (added + $3) - greatest(failed, $4), 0)
 WHERE import_id = $1
