-- Those of the names $1 that were looked up, and that no remaining mail, name server or answer has.
WITH asked AS (
    SELECT DISTINCT n.name,
           -- Only names of address look-ups are addresses; a host name can fail the cast.
           CASE WHEN EXISTS (SELECT FROM lookups l WHERE l.name = n.name AND l.kind = 'address')
                  OR EXISTS (SELECT FROM observations o WHERE o.subject = n.name AND o.kind = 'address') THEN n.name::inet END AS address
      FROM unnest($1::text[]) AS n (name)
     WHERE EXISTS (SELECT FROM lookups l WHERE l.name = n.name)
        OR EXISTS (SELECT FROM observations o WHERE o.subject = n.name)
        OR EXISTS (SELECT FROM domains d WHERE d.domain = n.name)
        OR EXISTS (SELECT FROM name_servers s WHERE s.host = n.name)
), labels AS (
    SELECT DISTINCT string_to_array(lower(split_part(value, '@', 2)), '.') AS l FROM contacts WHERE kind = 'mail'
), mail AS MATERIALIZED (
    SELECT DISTINCT array_to_string(l[i:], '.') AS name FROM labels, generate_series(1, cardinality(l) - 1) AS i
), linked AS MATERIALIZED (
    SELECT DISTINCT address FROM urls WHERE address IS NOT NULL
)
SELECT a.name FROM asked a
 WHERE NOT EXISTS (SELECT FROM urls u WHERE u.host = a.name)
   AND NOT EXISTS (SELECT FROM urls u WHERE u.domain = a.name)
   AND NOT EXISTS (SELECT FROM mail m WHERE m.name = a.name)
   AND NOT EXISTS (SELECT FROM messages m WHERE m.sender = a.address)
   AND NOT EXISTS (SELECT FROM hops h WHERE h.address = a.address)
   AND NOT EXISTS (SELECT FROM linked k WHERE k.address = a.address)
   AND NOT EXISTS (SELECT FROM name_servers s WHERE s.addresses @> ARRAY[a.address] AND s.host <> ALL ($1))
   AND NOT EXISTS (SELECT FROM observed_values v WHERE v.value = a.name AND v.subject <> ALL ($1))
