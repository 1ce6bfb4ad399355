-- Traits of campaigns and operations, as of the last run, of kinds $1 whose letters and digits are from
-- $2 to $3.
WITH asked AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS a (kind, least, most)
)
SELECT campaign_id, operation_id, kind, value, members, elsewhere, ham
FROM (
    SELECT t.campaign_id, 0::bigint AS operation_id, t.n, t.kind, coalesce(t.value, '') AS value, t.members, t.elsewhere, t.ham
    FROM asked a
    JOIN campaign_traits t ON t.kind = a.kind AND trait_letters(t.value) >= a.least COLLATE "C" AND trait_letters(t.value) <= a.most COLLATE "C"
    UNION
    SELECT 0, t.operation_id, t.n, t.kind, coalesce(t.value, ''), t.members, t.elsewhere, t.ham
    FROM asked a
    JOIN operation_traits t ON t.kind = a.kind AND trait_letters(t.value) >= a.least COLLATE "C" AND trait_letters(t.value) <= a.most COLLATE "C"
) AS found
ORDER BY members DESC, campaign_id, operation_id, n
