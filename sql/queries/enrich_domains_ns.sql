-- Sets the name servers of domains $1 from DNS, unless a registry names some.
UPDATE domains AS d SET name_servers = n.hosts
  FROM (SELECT c.subject, array_agg(DISTINCT v.value) FILTER (WHERE v.value IS NOT NULL) AS hosts
          FROM unnest($1::text[]) AS c (subject)
          LEFT JOIN observed_values v ON v.subject = c.subject AND v.source = 'dns' AND v.field = 'ns' AND v.until IS NULL
         GROUP BY c.subject) AS n
 WHERE d.domain = n.subject AND d.name_servers IS DISTINCT FROM n.hosts
   AND NOT EXISTS (SELECT FROM observed_values v
                    WHERE v.subject = d.domain AND v.source <> 'dns' AND v.field = 'ns' AND v.until IS NULL)
