-- The stored features of messages $1, with their campaigns.
SELECT i.message_key AS key, coalesce(floor(extract(epoch FROM i.at))::bigint, 0) AS at, i.ham, i.newsletter,
       i.sender, i.features, i.sketch, coalesce(b.spamrun_id, 0) AS spamrun, coalesce(b.campaign_id, 0) AS campaign, b.assigned_at IS NOT NULL AS since
FROM incidence i
LEFT JOIN memberships b USING (message_key)
WHERE i.message_key = ANY ($1::bigint[])
ORDER BY i.message_key
