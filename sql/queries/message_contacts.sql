-- Contacts in message $1.
SELECT kind, value, coalesce(raw, value) AS raw, found_in
FROM contacts
WHERE message_key = $1
ORDER BY n
