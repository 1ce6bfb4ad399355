-- Sets the spamruns $2 (0: none) of messages $1. Some messages have a row from the correlator already.
WITH found AS (
    SELECT f.message_key, nullif(f.spamrun_id, 0) AS spamrun_id FROM unnest($1::bigint[], $2::bigint[]) AS f (message_key, spamrun_id)
), gone AS (
    DELETE FROM memberships b USING found f WHERE b.message_key = f.message_key AND f.spamrun_id IS NULL AND b.campaign_id IS NULL
), moved AS (
    UPDATE memberships b SET spamrun_id = f.spamrun_id FROM found f
     WHERE b.message_key = f.message_key AND (f.spamrun_id IS NOT NULL OR b.campaign_id IS NOT NULL)
)
INSERT INTO memberships (message_key, spamrun_id, run_id)
SELECT f.message_key, f.spamrun_id, c.run_id
  FROM found f
 CROSS JOIN (SELECT max(run_id) AS run_id FROM correlations HAVING max(run_id) IS NOT NULL) AS c
 WHERE f.spamrun_id IS NOT NULL AND NOT EXISTS (SELECT FROM memberships b WHERE b.message_key = f.message_key)
    ON CONFLICT (message_key) DO NOTHING
