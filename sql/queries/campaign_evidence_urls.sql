-- Links of the messages with keys from $1 to $2; a few hundred of one message tell enough.
SELECT message_key, left(coalesce(url, raw), 1000) AS url, host, coalesce(domain, '') AS domain, coalesce(shared, '') AS shared
FROM urls
WHERE message_key BETWEEN $1 AND $2 AND n < 400 AND host IS NOT NULL
ORDER BY message_key, n
