INSERT INTO memberships (message_key, spamrun_id, run_id)
SELECT f.message_key, f.spamrun_id, c.run_id
  FROM unnest($1::bigint[], $2::bigint[]) AS f (message_key, spamrun_id)
 CROSS JOIN (SELECT max(run_id) AS run_id FROM correlations HAVING max(run_id) IS NOT NULL) AS c
    ON CONFLICT (message_key) DO NOTHING
