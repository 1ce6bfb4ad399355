INSERT INTO imports (started_at, class, extractor, keeps_raw, arguments, own_names, own_addrs, own_inferred, own_mx)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
RETURNING import_id, $4 AND EXISTS (SELECT FROM imports WHERE NOT keeps_raw)
