-- Common traits of the campaigns of operation $1, strongest first.
SELECT evidence, kind, coalesce(value, '') AS value, members, elsewhere, ham, bits
FROM operation_traits
WHERE operation_id = $1
ORDER BY n
