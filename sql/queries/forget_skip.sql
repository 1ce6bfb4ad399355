INSERT INTO skipped_keys (message_key)
SELECT k FROM unnest($1::bigint[]) AS k
 WHERE EXISTS (SELECT FROM messages m
                WHERE m.message_key = k + 1 AND substring(m.sha256 FOR 8) <> int8send(m.message_key))
    ON CONFLICT DO NOTHING
