INSERT INTO messages
SELECT *
  FROM unnest($1::messages[])
    ON CONFLICT DO NOTHING
RETURNING message_key
