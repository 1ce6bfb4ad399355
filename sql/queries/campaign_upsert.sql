-- Campaigns of a run, by arrays: id, members, weakest link, split from, operation (0: none). $6 is the run.
INSERT INTO campaigns AS c (campaign_id, members, weakest_bits, split_from, operation_id, first_run, last_run)
SELECT id, members, weakest, nullif(split, 0), nullif(operation, 0), $6, $6
FROM unnest($1::bigint[], $2::bigint[], $3::double precision[], $4::bigint[], $5::bigint[]) AS n (id, members, weakest, split, operation)
ON CONFLICT (campaign_id) DO UPDATE
SET members = excluded.members, weakest_bits = excluded.weakest_bits, operation_id = excluded.operation_id,
    last_run = excluded.last_run, merged_into = NULL, merged_run = NULL
