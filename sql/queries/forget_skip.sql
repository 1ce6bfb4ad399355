-- Keeps the keys among $1 behind which a message follows that was stored under the next free key. The
-- search for that message starts at the key of its hash and ends at the first free one.
INSERT INTO skipped_keys (message_key)
SELECT k FROM unnest($1::bigint[]) AS k
 WHERE EXISTS (SELECT FROM messages m
                WHERE m.message_key = k + 1 AND substring(m.sha256 FOR 8) <> int8send(m.message_key))
    ON CONFLICT DO NOTHING
