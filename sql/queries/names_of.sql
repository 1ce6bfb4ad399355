-- Names and addresses in the messages $1 that can have been looked up: each host with its parent
-- domains.
WITH hosts AS (
    SELECT host FROM urls WHERE message_key = ANY ($1::bigint[])
    UNION SELECT domain FROM urls WHERE message_key = ANY ($1)
    UNION SELECT lower(split_part(value, '@', 2)) FROM contacts WHERE kind = 'mail' AND message_key = ANY ($1)
    UNION SELECT lower(split_part(from_address, '@', 2)) FROM messages WHERE message_key = ANY ($1)
), labels AS (
    SELECT string_to_array(host, '.') AS l FROM hosts WHERE length(host) BETWEEN 3 AND 253
)
SELECT array_to_string(l[i:], '.') AS name FROM labels, generate_series(1, cardinality(l) - 1) AS i
UNION SELECT host(address) FROM urls WHERE address IS NOT NULL AND message_key = ANY ($1)
UNION SELECT host(address) FROM hops WHERE address IS NOT NULL AND message_key = ANY ($1)
UNION SELECT host(sender) FROM messages WHERE sender IS NOT NULL AND message_key = ANY ($1)
