-- Sets the first run of each coordinated spamrun.
UPDATE spamruns r SET coordinated_run_id = f.first
  FROM unnest($1::bigint[], $2::bigint[]) AS f (spamrun_id, first)
 WHERE r.spamrun_id = f.spamrun_id
