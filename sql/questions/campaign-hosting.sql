-- Where do the domains of a campaign point to, and who holds those networks?
-- campaign campaign c1: the campaign
SELECT a.address, n.prefix AS netblock, n.owner, n.country, n.asns[1] AS asn, count(DISTINCT a.name) AS names, min(a.first_seen) AS first_seen, max(a.last_seen) AS last_seen
  FROM campaign_domains_v d
 -- OFFSET 0 makes the server look up each domain, in place of working out the whole view.
 CROSS JOIN LATERAL (SELECT * FROM resolutions_v r WHERE r.name = d.domain OFFSET 0) AS a
  LEFT JOIN LATERAL netblock_at(a.address, now()) AS n ON true
 WHERE d.campaign_id = :campaign AND NOT coalesce(d.in_ham, false)
 GROUP BY a.address, n.prefix, n.owner, n.country, n.asns
 ORDER BY names DESC, a.address
 LIMIT 50
