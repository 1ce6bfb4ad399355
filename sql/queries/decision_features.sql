-- Number of messages with each of the features $1, without features from registries.
SELECT f.feature, count(*) FILTER (WHERE NOT i.ham) AS spam, count(*) FILTER (WHERE i.ham) AS ham
FROM incidence i
CROSS JOIN LATERAL unnest(i.features) AS f (feature)
WHERE i.features && $1::bigint[] AND f.feature = ANY ($1)
GROUP BY f.feature
