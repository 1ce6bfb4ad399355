-- Messages with a link to host or domain $1; at most $2.
SELECT DISTINCT message_key
FROM urls
WHERE host = $1::text OR domain = $1
ORDER BY message_key
LIMIT $2
