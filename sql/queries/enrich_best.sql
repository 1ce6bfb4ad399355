SELECT lane, count(*)
  FROM (SELECT lane FROM lookups
         WHERE ready AND lane <> ALL ($2::text[])
         ORDER BY priority DESC, name
         LIMIT $1) AS best
 GROUP BY lane
