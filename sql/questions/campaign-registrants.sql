-- Who registered the domains of a campaign, where registries tell?
-- campaign campaign c1: the campaign
SELECT r.field, r.value, count(*) AS domains, min(r.first_seen) AS first_seen, array_agg(r.domain ORDER BY r.domain) AS list
  FROM campaign_domains_v d
  JOIN registrants_v r USING (domain)
 WHERE d.campaign_id = :campaign AND NOT coalesce(d.in_ham, false)
 GROUP BY r.field, r.value
 ORDER BY domains DESC, r.field, r.value
 LIMIT 50
