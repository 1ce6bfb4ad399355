-- The last run, whether the store has logs, a fingerprint of the mail in which spamruns are found, and
-- whether that was the fingerprint when they were found last. Facts that change take their evidence with them.
SELECT coalesce(c.run_id, 0) AS run, f.logged, f.print, coalesce(c.spamruns_input = f.print, false) AND NOT f.logged AS same
  FROM (SELECT EXISTS (SELECT FROM deliveries) AS logged,
               hashtextextended(concat_ws(' ',
                   (SELECT concat_ws(' ', count(*), sum(hashtextextended(xmin::text, message_key))) FROM incidence),
                   (SELECT count(*) FROM messages),
                   (SELECT count(*) FROM own_addresses)), 0) AS print) AS f
  LEFT JOIN (SELECT run_id, spamruns_input FROM correlations ORDER BY run_id DESC LIMIT 1) AS c ON true
