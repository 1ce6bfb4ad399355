-- The $2 addresses that sent most members of campaign $1, with their registration.
WITH mine AS (
    SELECT value_raw::inet AS sender, messages, first_seen, last_seen, details
    FROM campaign_values_v
    WHERE number = $1 AND kind = 'sender' AND place <= coalesce($2::bigint, 9223372036854775807)
)
SELECT s.sender, s.messages, coalesce(s.details[1], '') AS helo, coalesce(s.details[3], '') AS reverse_name,
       coalesce(s.first_seen, '0001-01-01 00:00:00Z') AS first_seen, coalesce(s.last_seen, '0001-01-01 00:00:00Z') AS last_seen,
       coalesce(n.prefix::text, '') AS netblock, coalesce(n.owner, n.name, n.as_names[1], '') AS owner, coalesce(n.country, '') AS country, coalesce(n.asns[1], 0) AS asn
  FROM mine s
  LEFT JOIN LATERAL netblock_at(s.sender, now()) n ON true
 ORDER BY s.messages DESC, s.sender
