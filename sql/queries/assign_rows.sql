-- What the messages of the keys $1 offer as evidence.
SELECT message_key, at, ham, newsletter, features, sketch
FROM incidence
WHERE message_key = ANY ($1)
ORDER BY message_key
