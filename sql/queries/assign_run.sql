-- The last run and its parameters, if it left profiles.
SELECT run_id, parameters
FROM correlations
WHERE run_id = (SELECT max(run_id) FROM correlations) AND EXISTS (SELECT FROM campaign_profiles)
