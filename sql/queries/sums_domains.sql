-- Sums up the link domains of campaigns $1 (NULL: all) again.
WITH links AS (
    SELECT b.campaign_id, b.message_key, b.received_at, coalesce(u.domain, u.host) AS domain, max(u.shared) AS shared
      FROM memberships b
      JOIN urls u USING (message_key)
     WHERE b.campaign_id IS NOT NULL AND coalesce(u.domain, u.host) IS NOT NULL AND ($1::bigint[] IS NULL OR b.campaign_id = ANY ($1))
     GROUP BY 1, 2, 3, 4
), sums AS (
    SELECT l.campaign_id, l.domain, max(l.shared) AS shared, count(*) AS messages, min(l.received_at) AS first_seen, max(l.received_at) AS last_seen
      FROM links l
     GROUP BY l.campaign_id, l.domain
), gone AS (
    DELETE FROM campaign_domains c
     WHERE ($1 IS NULL OR c.campaign_id = ANY ($1))
       AND NOT EXISTS (SELECT FROM sums s WHERE s.campaign_id = c.campaign_id AND s.domain = c.domain)
)
INSERT INTO campaign_domains AS c (campaign_id, domain, shared, messages, first_seen, last_seen)
SELECT campaign_id, domain, shared, messages, first_seen, last_seen FROM sums
ON CONFLICT (campaign_id, domain) DO UPDATE
   SET (shared, messages, first_seen, last_seen) = (excluded.shared, excluded.messages, excluded.first_seen, excluded.last_seen)
 WHERE (c.shared, c.messages, c.first_seen, c.last_seen) IS DISTINCT FROM (excluded.shared, excluded.messages, excluded.first_seen, excluded.last_seen)
