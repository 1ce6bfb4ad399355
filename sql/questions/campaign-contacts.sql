-- Which mail addresses, phone numbers and wallets does a campaign give to its readers?
-- campaign campaign c1: the campaign
SELECT details[1] AS kind, value, messages, first_seen, last_seen
  FROM campaign_values_v
 WHERE campaign_id = :campaign AND kind = 'contact'
 ORDER BY messages DESC, value
 LIMIT 50
