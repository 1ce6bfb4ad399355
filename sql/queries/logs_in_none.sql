-- Removes from their spamruns transactions that are no longer incoming or lost their sender.
UPDATE deliveries SET spamrun_id = NULL WHERE spamrun_id IS NOT NULL AND (sender IS NULL OR direction IS DISTINCT FROM 'in')
