-- Received fields of message $1, in their order in the header.
SELECT n, coalesce(at, '0001-01-01 00:00:00Z') AS at, trusted, authenticated, address, coalesce(helo, '') AS helo, coalesce(reverse_name, '') AS reverse_name,
       coalesce(by_name, '') AS by_name, by_address, coalesce(protocol, '') AS protocol, coalesce(queue_id, '') AS queue_id, coalesce(recipient, '') AS recipient,
       coalesce(syntax, '') AS syntax, raw
FROM hops
WHERE message_key = $1
ORDER BY n
