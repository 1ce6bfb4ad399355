-- All observations of the subjects $1, oldest first, with the raw answers.
SELECT o.kind, o.subject, o.source, o.server, o.asked_at, o.confirmed_at, o.fresh_until, o.took, o.outcome, coalesce(o.detail, '') AS detail,
       o.parsed, a.data AS answer
  FROM observations o
  LEFT JOIN answers a USING (answer_hash)
 WHERE o.subject = ANY ($1::text[])
 ORDER BY o.subject, o.kind, o.source, o.server, o.asked_at
