-- The campaign whose mail a delivery report returns: by the Message-ID of a member, else by a returned
-- link domain, else by the returned subject. The first of them that matches members of exactly one
-- campaign decides.
INSERT INTO backscatter (message_key, campaign_id, matched_by)
WITH quoted AS MATERIALIZED (
    SELECT DISTINCT ON (r.message_key) r.message_key, r.returned_id, r.returned_subject, r.returned_domains
      FROM reports r
      LEFT JOIN memberships b USING (message_key)
     WHERE b.campaign_id IS NULL
     ORDER BY r.message_key, r.n
), linking AS (
    SELECT u.domain, min(b.campaign_id) AS campaign_id
      FROM (SELECT DISTINCT unnest(returned_domains) AS domain FROM quoted) AS d
      JOIN urls u USING (domain)
      JOIN memberships b USING (message_key)
     WHERE u.shared IS NULL AND b.campaign_id IS NOT NULL
     GROUP BY u.domain
    HAVING count(DISTINCT b.campaign_id) = 1
), titled AS (
    SELECT m.subject_key, min(b.campaign_id) AS campaign_id
      FROM messages m
      JOIN memberships b USING (message_key)
     WHERE m.subject_key IN (SELECT returned_subject FROM quoted) AND b.campaign_id IS NOT NULL
     GROUP BY m.subject_key
    HAVING count(DISTINCT b.campaign_id) = 1
), matches AS (
    SELECT q.message_key, b.campaign_id, 1 AS rank
      FROM quoted q
      JOIN messages m ON m.message_id = q.returned_id
      JOIN memberships b ON b.message_key = m.message_key
     WHERE b.campaign_id IS NOT NULL
    UNION
    SELECT d.message_key, l.campaign_id, 2 FROM (SELECT message_key, unnest(returned_domains) AS domain FROM quoted) AS d JOIN linking l USING (domain)
    UNION
    SELECT q.message_key, t.campaign_id, 3 FROM quoted q JOIN titled t ON t.subject_key = q.returned_subject
)
SELECT DISTINCT ON (message_key) message_key, min(campaign_id), CASE rank WHEN 1 THEN 'Message-ID' WHEN 2 THEN 'links' ELSE 'subject' END
  FROM matches
 GROUP BY message_key, rank
HAVING count(DISTINCT campaign_id) = 1
 ORDER BY message_key, rank
