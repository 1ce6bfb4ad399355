-- Deletes the observations of subjects $1 and returns the hashes of their answers.
WITH gone AS (
    DELETE FROM observations WHERE subject = ANY ($1::text[]) RETURNING answer_hash
)
SELECT DISTINCT answer_hash FROM gone WHERE answer_hash IS NOT NULL
