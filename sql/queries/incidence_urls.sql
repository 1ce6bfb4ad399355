-- Links of messages $1; a few hundred of one message tell enough.
SELECT message_key, left(coalesce(url, raw), 1000), host, domain, shared, tenant, found_in
FROM urls
WHERE message_key = ANY ($1::bigint[]) AND n < 400 AND host IS NOT NULL
ORDER BY message_key, n
