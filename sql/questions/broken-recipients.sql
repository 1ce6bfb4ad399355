-- Which addresses are broken, and how: what list do they come from?
-- campaign campaign c1: a campaign whose senders tried them
SELECT k.kind, k.recipient, k.made_from, k.kind_basis, count(*) AS deliveries, count(DISTINCT k.sender) AS senders, count(*) FILTER (WHERE k.verdict = 'refused') AS refused
  FROM broken_recipients_v k
 WHERE k.spamrun_id IN (SELECT b.spamrun_id FROM campaign_members b WHERE b.campaign_id = :campaign)
 GROUP BY k.kind, k.recipient, k.made_from, k.kind_basis
 ORDER BY deliveries DESC, k.recipient
 LIMIT 50
