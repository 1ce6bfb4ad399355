-- The stored features of messages $1.
SELECT message_key AS key, coalesce(floor(extract(epoch FROM at))::bigint, 0) AS at, ham, newsletter,
       sender, features, sketch
FROM incidence
WHERE message_key = ANY ($1)
ORDER BY message_key
