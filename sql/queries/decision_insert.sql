-- Stores a decision and returns its id. Zero values and '' become NULL.
INSERT INTO decisions (made_at, kind, campaign_id, other_id, messages, others, feature, value, made_by, because, moved)
VALUES ($1, $2, nullif($3::bigint, 0), nullif($4::bigint, 0), $5, $6, nullif($7::bigint, 0), nullif($8, ''), $9, nullif($10, ''), $11)
RETURNING decision_id
