SELECT pg_advisory_xact_lock(h)
  FROM (SELECT DISTINCT hashtextextended(n, 5) AS h FROM unnest($1::text[]) AS n ORDER BY 1) AS locks
