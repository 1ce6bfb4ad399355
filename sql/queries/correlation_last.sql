-- The last run of the correlator.
SELECT run_id AS run, started_at AS started, finished_at AS finished, link_bits, messages, background AS ham, campaigns, members, set_aside,
       (SELECT count(*) FROM publisher_issues) AS issues
FROM correlations
ORDER BY run_id DESC
LIMIT 1
