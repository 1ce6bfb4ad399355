-- Adds messages $1 to the sums of campaigns $2. Senders and subjects wait for the next run, since only
-- all members together show whether they are new.
WITH joined AS (
    SELECT n.campaign_id, n.message_key, m.received_at
      FROM unnest($1::bigint[], $2::bigint[]) AS n (message_key, campaign_id)
      JOIN messages m USING (message_key)
), sums AS (
    UPDATE campaign_sums c
       SET messages = c.messages + s.messages, stale = true, first_seen = least(c.first_seen, s.first_seen), last_seen = greatest(c.last_seen, s.last_seen)
      FROM (SELECT campaign_id, count(*) AS messages, min(received_at) AS first_seen, max(received_at) AS last_seen FROM joined GROUP BY campaign_id) AS s
     WHERE c.campaign_id = s.campaign_id
)
INSERT INTO campaign_domains AS c (campaign_id, domain, shared, messages, first_seen, last_seen)
SELECT d.campaign_id, d.domain, max(d.shared), count(*), min(d.received_at), max(d.received_at)
  FROM (SELECT j.campaign_id, j.message_key, j.received_at, coalesce(u.domain, u.host) AS domain, max(u.shared) AS shared
          FROM joined j
          JOIN urls u USING (message_key)
         WHERE coalesce(u.domain, u.host) IS NOT NULL
         GROUP BY 1, 2, 3, 4) AS d
 GROUP BY d.campaign_id, d.domain
 ORDER BY d.campaign_id, d.domain
ON CONFLICT (campaign_id, domain) DO UPDATE
   SET messages = c.messages + excluded.messages, shared = coalesce(c.shared, excluded.shared), first_seen = least(c.first_seen, excluded.first_seen), last_seen = greatest(c.last_seen, excluded.last_seen)
