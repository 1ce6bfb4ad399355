-- Sightings by campaign: '' for those without our mail, '-' for mail in no campaign.
SELECT CASE WHEN messages IS NULL THEN '' ELSE coalesce(campaign_id, '-') END AS campaign_id, count(*) AS sightings, coalesce(sum(messages), 0)::bigint AS messages
  FROM sightings_v
 GROUP BY 1
 ORDER BY sightings DESC, 1
