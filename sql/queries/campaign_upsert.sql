-- Campaigns of a run, by arrays: id, members, weakest link, split from (0: none). $5 is the run.
INSERT INTO campaigns AS c (campaign_id, members, weakest_bits, split_from, first_run, last_run)
SELECT id, members, weakest, nullif(split, 0), $5, $5
FROM unnest($1::bigint[], $2::bigint[], $3::double precision[], $4::bigint[]) AS n (id, members, weakest, split)
ON CONFLICT (campaign_id) DO UPDATE
SET members = excluded.members, weakest_bits = excluded.weakest_bits, last_run = excluded.last_run,
    merged_into = NULL, merged_run = NULL
