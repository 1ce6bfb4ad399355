-- Removes the messages $1 from their spamruns. A run with fewer than two messages left ends.
WITH hit AS (
    SELECT r.spamrun_id, r.messages - count(*) AS left_over FROM memberships b JOIN spamruns r USING (spamrun_id)
     WHERE b.message_key = ANY ($1::bigint[]) GROUP BY r.spamrun_id, r.messages
), less AS (
    UPDATE spamruns r SET messages = h.left_over FROM hit h WHERE r.spamrun_id = h.spamrun_id AND h.left_over > 1
), over AS (
    DELETE FROM spamruns r USING hit h WHERE r.spamrun_id = h.spamrun_id AND h.left_over < 2
), alone AS (
    DELETE FROM memberships b USING hit h
     WHERE b.spamrun_id = h.spamrun_id AND h.left_over < 2 AND b.campaign_id IS NULL AND b.message_key <> ALL ($1)
)
UPDATE memberships b SET spamrun_id = NULL
  FROM hit h
 WHERE b.spamrun_id = h.spamrun_id AND h.left_over < 2 AND b.campaign_id IS NOT NULL
