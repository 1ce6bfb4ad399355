-- The members of a campaign, those that are surest of it first; $3 of them, without $2.
SELECT message_key
FROM memberships
WHERE campaign_id = $1 AND NOT message_key = ANY ($2::bigint[])
ORDER BY confidence DESC NULLS LAST, message_key
LIMIT $3
