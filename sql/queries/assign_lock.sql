-- Locks those of the campaigns $1 that have members, until the end of the transaction. The order by id
-- keeps two imports from a deadlock.
SELECT campaign_id
FROM campaigns
WHERE campaign_id = ANY ($1) AND members > 0
ORDER BY campaign_id
FOR UPDATE
