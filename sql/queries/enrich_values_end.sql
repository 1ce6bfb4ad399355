-- Ends the values of subjects and sources that their last answer ($4 to $7) no longer has.
UPDATE observed_values AS v SET until = greatest(c.at, v.since)
  FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS c (subject, source, at)
 WHERE v.subject = c.subject AND v.source = c.source AND v.until IS NULL
   AND NOT EXISTS (SELECT FROM unnest($4::text[], $5::text[], $6::text[], $7::text[]) AS n (subject, source, field, value)
                    WHERE n.subject = v.subject AND n.source = v.source AND n.field = v.field AND n.value = v.value)
