-- Stores values of an archive with their times. One that is stored already has the union of both
-- times.
INSERT INTO observed_values AS v (subject, source, since, until, field, value)
SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[]) AS n (subject, source, since, until, field, value)
 ORDER BY n.subject COLLATE "C", n.source, n.field, n.value COLLATE "C"
ON CONFLICT (subject, source, field, value) DO UPDATE SET since = least(v.since, excluded.since), until = greatest(v.until, excluded.until)
 WHERE excluded.since < v.since OR excluded.until > v.until
