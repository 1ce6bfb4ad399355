SELECT DISTINCT value
  FROM observed_values
 WHERE subject = ANY ($1::text[])
   AND (EXISTS (SELECT FROM lookups l WHERE l.name = value) OR EXISTS (SELECT FROM name_servers s WHERE s.host = value))
