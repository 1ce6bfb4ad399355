-- Values in answers about the names $1 that were looked up themselves.
SELECT DISTINCT value
  FROM (SELECT value FROM observed_values WHERE subject = ANY ($1::text[])
        UNION SELECT host(a) FROM name_servers, unnest(addresses) AS a WHERE host = ANY ($1)) AS said
 WHERE EXISTS (SELECT FROM lookups l WHERE l.name = value) OR EXISTS (SELECT FROM name_servers s WHERE s.host = value)
