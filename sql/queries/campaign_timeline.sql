-- Times of members of campaign $1, one row per burst and link domain. A burst is a spamrun, or for
-- members of none one of $4 slices of the time between $2 and $3. Of several domains of a message a shared one
-- (shorteners, storage) comes last. Domains other than $5 are '+'; '' means no link.
SELECT domain, coalesce(spamrun_id, 0) AS spamrun, min(received_at) AS first_seen, max(received_at) AS last_seen, count(*) AS messages,
       count(DISTINCT sender) AS senders, (array_agg(sender) FILTER (WHERE sender IS NOT NULL))[1] AS sender
  FROM (SELECT m.received_at, m.sender, b.spamrun_id,
               CASE WHEN b.spamrun_id IS NULL
                    THEN width_bucket(extract(epoch FROM m.received_at)::float8, extract(epoch FROM $2::timestamptz)::float8, extract(epoch FROM $3::timestamptz)::float8 + 1, $4)
               END AS slice,
               CASE WHEN u.domain IS NULL THEN '' WHEN u.domain = ANY ($5::text[]) THEN u.domain ELSE '+' END AS domain
          FROM memberships b
          JOIN messages m USING (message_key)
          LEFT JOIN LATERAL (SELECT coalesce(u.domain, u.host) AS domain FROM urls u WHERE u.message_key = b.message_key AND u.host IS NOT NULL
                              ORDER BY coalesce(u.domain, u.host) = ANY ($5) DESC, u.shared IS NOT NULL, u.n LIMIT 1) u ON true
         WHERE b.campaign_id = $1 AND m.received_at IS NOT NULL) one
 GROUP BY domain, spamrun_id, slice
 ORDER BY messages DESC, first_seen, domain
 LIMIT 600
