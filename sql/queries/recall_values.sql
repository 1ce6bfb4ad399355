-- Pages of learned values that hold the keys $1.
SELECT first, packed
FROM learned_values
WHERE first = ANY (ARRAY(SELECT DISTINCT (SELECT max(first) FROM learned_values WHERE first <= k) FROM unnest($1::bigint[]) AS k))
