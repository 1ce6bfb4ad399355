-- Transactions of the servers $1 that have to do with queue ids $2, Message-IDs $3 (mail given
-- back by a content filter), or open connections of clients $4.
SELECT delivery_key FROM deliveries WHERE server = ANY($1::text[]) AND queue_id = ANY($2::text[])
UNION
SELECT delivery_key FROM deliveries WHERE server = ANY($1::text[]) AND queue_ids && $2::text[] AND queue_ids IS NOT NULL
UNION
SELECT delivery_key FROM deliveries WHERE server = ANY($1::text[]) AND message_id = ANY($3::text[])
UNION
SELECT delivery_key FROM deliveries WHERE server = ANY($1::text[]) AND queue_id IS NULL AND NOT closed AND sender = ANY($4::text[]::inet[])
