-- The commonest subject of each of campaigns $1, and the number of distinct ones, as of the last run.
SELECT campaign_id, top_subject AS subject, top_messages AS messages, subjects
FROM campaign_sums
WHERE campaign_id = ANY ($1::bigint[]) AND top_subject IS NOT NULL
