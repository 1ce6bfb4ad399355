INSERT INTO observed_values AS v (subject, source, since, field, value)
SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[])
ON CONFLICT (subject, source, field, value) DO UPDATE SET until = NULL WHERE v.until IS NOT NULL
