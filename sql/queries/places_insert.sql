-- Stores places of messages. One that is known stays.
INSERT INTO places
SELECT *
  FROM unnest($1::places[])
    ON CONFLICT DO NOTHING
