-- Messages of campaigns $1 in $4 equal slices of the time from $2 to $3.
SELECT b.campaign_id, least(width_bucket(extract(epoch FROM b.received_at)::float8, extract(epoch FROM $2::timestamptz)::float8,
           extract(epoch FROM $3::timestamptz)::float8, $4), $4) - 1 AS slice,
       count(*) AS messages
FROM memberships b
WHERE b.campaign_id = ANY($1) AND b.received_at BETWEEN $2 AND $3
GROUP BY 1, 2
