-- Files whose times have no zone, and the zone of most other such files of their server.
SELECT f.file, z.east
  FROM (SELECT DISTINCT file, server FROM deliveries WHERE floating AND zone_seconds = 0) AS f
  JOIN (SELECT server, mode() WITHIN GROUP (ORDER BY zone_seconds) AS east FROM deliveries WHERE floating AND zone_seconds <> 0 GROUP BY server) AS z ON z.server = f.server
  LEFT JOIN log_files l ON l.file = f.file AND l.zone_basis = 'joined messages' AND l.zone_seconds = 0
 WHERE l.file IS NULL
