INSERT INTO raw (message_key, cut, data)
VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING
