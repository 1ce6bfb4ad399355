-- What is told of now that can be in no spamrun.
UPDATE deliveries SET spamrun_id = NULL WHERE spamrun_id IS NOT NULL AND (sender IS NULL OR direction IS DISTINCT FROM 'in')
