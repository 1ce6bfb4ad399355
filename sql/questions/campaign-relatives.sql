-- Which other campaigns link to domains of a campaign?
-- campaign campaign c1: the campaign
SELECT o.campaign_id, count(*) AS domains, sum(o.messages)::bigint AS messages, min(o.first_seen) AS first_seen, array_agg(o.domain ORDER BY o.messages DESC, o.domain) AS list
  FROM campaign_domains_v d
  JOIN campaign_domains_v o USING (domain)
 WHERE d.campaign_id = :campaign AND o.campaign_id <> :campaign AND NOT coalesce(d.in_ham, false)
 GROUP BY o.campaign_id
 ORDER BY domains DESC, messages DESC, o.campaign_id
 LIMIT 50
