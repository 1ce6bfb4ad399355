-- Which domains does a campaign link to, and in what order did it use them?
-- campaign campaign c1: the campaign
SELECT domain, messages, first_seen, last_seen, created, registrar, in_ham
  FROM campaign_domains_v
 WHERE campaign_id = :campaign
 ORDER BY first_seen, domain
 LIMIT 200
