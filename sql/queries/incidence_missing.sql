-- Messages whose evidence is not derived yet, or by other rules than those of version $1.
SELECT m.message_key
FROM messages m
WHERE NOT EXISTS (SELECT FROM incidence i WHERE i.message_key = m.message_key)
UNION ALL
SELECT message_key
FROM incidence
WHERE version <> $1
