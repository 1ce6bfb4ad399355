-- Marks the sums of the campaigns of messages $1 as stale, because facts behind them change. It leaves
-- marked rows alone, so that batches of a reparse do not wait for each other.
UPDATE campaign_sums c
   SET stale = true
 WHERE NOT c.stale AND c.campaign_id IN (SELECT b.campaign_id FROM memberships b WHERE b.message_key = ANY ($1::bigint[]) AND b.campaign_id IS NOT NULL)
