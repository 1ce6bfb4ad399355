-- Mail addresses, phone numbers and wallets in messages $1.
SELECT message_key, kind, value
FROM contacts
WHERE message_key = ANY ($1::bigint[]) AND n < 100
ORDER BY message_key, n
