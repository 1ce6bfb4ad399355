-- Locks the names $1 until the end of the transaction, in one order, so that two collectors do not
-- deadlock.
SELECT pg_advisory_xact_lock(h)
  FROM (SELECT DISTINCT hashtextextended(n, 5) AS h FROM unnest($1::text[]) AS n ORDER BY 1) AS locks
