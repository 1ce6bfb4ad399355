-- Number of look-ups per lane among the $1 ready ones of highest priority, without the lanes $2.
SELECT lane, count(*)
  FROM (SELECT lane FROM lookups
         WHERE ready AND lane <> ALL ($2::text[])
         ORDER BY priority DESC, name
         LIMIT $1) AS best
 GROUP BY lane
