-- Stores raw answers by hash, each once. The order of locks is that of the hashes, so that two
-- collectors do not deadlock.
INSERT INTO answers (answer_hash, size, data)
SELECT * FROM unnest($1::bytea[], $2::integer[], $3::bytea[]) AS a (answer_hash, size, data) ORDER BY 1
ON CONFLICT DO NOTHING
