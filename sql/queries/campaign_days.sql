-- Times of members of the large campaign $1, one row per day and domain of the first link. Domains
-- other than $2 are '+'; '' means no link.
SELECT domain, 0 AS spamrun, min(first_seen) AS first_seen, max(last_seen) AS last_seen, sum(messages)::bigint AS messages, max(senders) AS senders, NULL::inet AS sender
  FROM (SELECT CASE WHEN value_raw = '' OR value_raw = ANY ($2::text[]) THEN value_raw ELSE '+' END AS domain, details[1] AS day, details[2]::bigint AS senders, messages, first_seen, last_seen
          FROM campaign_values_v
         WHERE number = $1 AND kind = 'link') one
 GROUP BY domain, day
 ORDER BY messages DESC, first_seen, domain
 LIMIT 600
