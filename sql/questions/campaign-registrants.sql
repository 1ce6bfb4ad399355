-- Who registered the domains of a campaign, where registries tell?
-- campaign campaign c1: the campaign
SELECT r.field, r.value, count(*) AS domains, min(r.first_seen) AS first_seen, array_agg(r.domain ORDER BY r.domain) AS list
  FROM campaign_domains_v d
 -- OFFSET 0 makes the server look up each domain, in place of working out the whole view.
 CROSS JOIN LATERAL (SELECT * FROM registrants_v x WHERE x.domain = d.domain OFFSET 0) AS r
 WHERE d.campaign_id = :campaign AND NOT coalesce(d.in_ham, false)
 GROUP BY r.field, r.value
 ORDER BY domains DESC, r.field, r.value
 LIMIT 50
