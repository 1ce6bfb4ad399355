-- Takes transactions out of spamruns that, by later knowledge, can be in none.
UPDATE deliveries SET spamrun_id = NULL WHERE spamrun_id IS NOT NULL AND (sender IS NULL OR direction IS DISTINCT FROM 'in')
