-- Removes messages from spamruns that no longer exist.
WITH gone AS (
    DELETE FROM memberships b WHERE b.campaign_id IS NULL AND NOT EXISTS (SELECT FROM spamruns r WHERE r.spamrun_id = b.spamrun_id)
)
UPDATE memberships b SET spamrun_id = NULL
 WHERE b.campaign_id IS NOT NULL AND b.spamrun_id IS NOT NULL AND NOT EXISTS (SELECT FROM spamruns r WHERE r.spamrun_id = b.spamrun_id)
