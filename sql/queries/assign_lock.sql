-- Which of the campaigns $1 there are, held until the end of the transaction: in one order, so
-- that two imports don't wait for each other in a circle.
SELECT campaign_id
FROM campaigns
WHERE campaign_id = ANY ($1) AND members > 0
ORDER BY campaign_id
FOR UPDATE
