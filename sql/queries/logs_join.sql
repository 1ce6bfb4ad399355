-- Stores the transactions of messages with their scores.
INSERT INTO message_deliveries (message_key, delivery_key, score)
SELECT message_key, delivery_key, score::real
  FROM unnest($1::bigint[], $2::bigint[], $3::float8[]) AS n (message_key, delivery_key, score)
    ON CONFLICT (message_key) DO UPDATE SET delivery_key = excluded.delivery_key, score = excluded.score
