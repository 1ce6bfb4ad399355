-- Messages from an address in network $1, or with a link to that single address; at most $2.
SELECT message_key
FROM messages
WHERE sender >= host($1::cidr)::inet AND sender <= host(broadcast($1::cidr))::inet
UNION
SELECT message_key
FROM urls
WHERE host = host($1::cidr) AND network($1) = host($1::cidr)::inet
ORDER BY message_key
LIMIT $2
