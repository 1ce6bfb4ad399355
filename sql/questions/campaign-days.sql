-- When did a campaign send?
-- campaign campaign c1: the campaign
SELECT value::date AS day, messages, details[1]::bigint AS senders, details[2]::bigint AS subjects
  FROM campaign_values_v
 WHERE campaign_id = :campaign AND kind = 'day'
 ORDER BY day
