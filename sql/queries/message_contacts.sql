-- The addresses, phone numbers and wallets that message $1 gives its reader.
SELECT kind, value, coalesce(raw, value) AS raw, found_in
FROM contacts
WHERE message_key = $1
ORDER BY n
