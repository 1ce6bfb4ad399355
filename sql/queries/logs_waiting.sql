-- Those of the threads $1 in which a part waits for its beginning: of a queue id in $1, of a queue id
-- in $2 behind a content filter, or of a connection from $3.
SELECT t FROM log_tails CROSS JOIN unnest(threads) AS t WHERE threads && $1::text[] AND t = ANY($1::text[])
UNION
SELECT queue_id FROM deliveries WHERE NOT opened AND queue_id = ANY($1::text[])
UNION
SELECT queue_id FROM deliveries WHERE queue_id = ANY($2::text[])
UNION
SELECT host(sender) || ' ' || coalesce(return_path, '') FROM deliveries WHERE queue_id IS NULL AND connected_at IS NULL AND sender = ANY($3::inet[])
