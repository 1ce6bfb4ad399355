-- Mail addresses and phone numbers in the messages with keys from $1 to $2.
SELECT message_key, kind, value
FROM contacts
WHERE message_key BETWEEN $1 AND $2 AND n < 100
ORDER BY message_key, n
