-- Last observation of subject $1 and kind $2 from each server, with its raw answer.
SELECT o.source, o.server, o.outcome, coalesce(o.detail, '') AS detail, o.asked_at, o.confirmed_at, o.fresh_until AS expires, o.took,
       o.parsed, a.data AS answer
  FROM (SELECT DISTINCT ON (source, server) * FROM observations
         WHERE subject = $1 AND kind = $2
         ORDER BY source, server, confirmed_at DESC, asked_at DESC) AS o
  LEFT JOIN answers a USING (answer_hash)
 ORDER BY o.confirmed_at DESC, o.source, o.server
