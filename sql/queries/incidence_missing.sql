-- Messages without evidence, or with evidence of another version than $1.
SELECT m.message_key
FROM messages m
WHERE NOT EXISTS (SELECT FROM incidence i WHERE i.message_key = m.message_key)
UNION ALL
SELECT message_key
FROM incidence
WHERE version <> $1
