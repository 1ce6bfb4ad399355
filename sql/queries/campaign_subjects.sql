-- The $2 commonest subjects of campaign $1, and the number of distinct ones.
SELECT value_raw AS subject, messages, count(*) OVER () AS subjects
FROM campaign_values_v
WHERE number = $1 AND kind = 'subject'
ORDER BY messages DESC, subject
LIMIT $2
