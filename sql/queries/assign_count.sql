-- New members of campaigns, by arrays: campaign, how many.
UPDATE campaigns AS c
SET members = c.members + n.joined
FROM unnest($1::bigint[], $2::bigint[]) AS n (campaign_id, joined)
WHERE c.campaign_id = n.campaign_id
