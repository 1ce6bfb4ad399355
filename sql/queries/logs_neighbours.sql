-- Transactions of the servers $1 with one of the queue ids $2, of the Message-IDs $3 (mail that a
-- content filter returned), or open connections of the clients $4.
SELECT delivery_key FROM deliveries WHERE server = ANY($1::text[]) AND queue_id = ANY($2::text[])
UNION
SELECT delivery_key FROM deliveries WHERE server = ANY($1::text[]) AND queue_ids && $2::text[] AND queue_ids IS NOT NULL
UNION
SELECT delivery_key FROM deliveries WHERE server = ANY($1::text[]) AND message_id = ANY($3::text[])
UNION
SELECT delivery_key FROM deliveries WHERE server = ANY($1::text[]) AND queue_id IS NULL AND NOT closed AND sender = ANY($4::text[]::inet[])
