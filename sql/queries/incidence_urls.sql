-- Links of messages $1, at most 400 of each: more add no evidence.
SELECT message_key, left(coalesce(url, raw), 1000) AS url, host, coalesce(domain, '') AS domain,
       coalesce(shared, '') AS shared, coalesce(tenant, '') AS tenant, found_in AS found
FROM urls
WHERE message_key = ANY ($1::bigint[]) AND n < 400 AND host IS NOT NULL
ORDER BY message_key, n
