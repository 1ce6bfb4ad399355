-- Operations of a run, by arrays: id, campaigns, weakest link. $4 is the run.
INSERT INTO operations AS o (operation_id, campaigns, weakest_bits, first_run, last_run)
SELECT id, campaigns, weakest, $4, $4
FROM unnest($1::bigint[], $2::bigint[], $3::double precision[]) AS n (id, campaigns, weakest)
ON CONFLICT (operation_id) DO UPDATE
SET campaigns = excluded.campaigns, weakest_bits = excluded.weakest_bits, last_run = excluded.last_run
