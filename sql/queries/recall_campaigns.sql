-- The run's counts of the campaigns $1 and of those with the numbers $2. A campaign of $1 that lost
-- its counts has only its size.
SELECT c.campaign_id, c.members, p.n, p.profile, CASE WHEN c.campaign_id = ANY ($1::bigint[]) THEN p.counts END AS counts
FROM campaigns c
LEFT JOIN campaign_profiles p USING (campaign_id)
WHERE c.campaign_id = ANY (array_cat($1, ARRAY(SELECT campaign_id FROM campaign_profiles WHERE n = ANY ($2::integer[]))))
