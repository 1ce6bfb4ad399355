-- Members of campaign $1 by confidence, highest first: at most $3, without the messages $2.
SELECT message_key
FROM memberships
WHERE campaign_id = $1 AND NOT message_key = ANY ($2::bigint[])
ORDER BY confidence DESC NULLS LAST, message_key
LIMIT $3
