-- Which addresses did a campaign try that a list maker broke, and how, in 500 of its runs?
-- campaign campaign c1: a campaign whose senders tried them
SELECT k.kind, k.recipient, k.made_from, k.kind_basis, count(*) AS deliveries, count(DISTINCT k.sender) AS senders, count(*) FILTER (WHERE k.verdict = 'refused') AS refused
  FROM (SELECT DISTINCT b.spamrun_id FROM campaign_members b WHERE b.campaign_id = :campaign AND b.spamrun_id IS NOT NULL LIMIT 500) AS r
 -- OFFSET 0 makes the server look up each run, in place of working out the whole view.
 CROSS JOIN LATERAL (SELECT * FROM broken_recipients_v x WHERE x.spamrun_id = r.spamrun_id OFFSET 0) AS k
 GROUP BY k.kind, k.recipient, k.made_from, k.kind_basis
 ORDER BY deliveries DESC, k.recipient
 LIMIT 50
