-- Other senders in the networks (/24, /48 of IPv6) of campaign $1's senders, by server name and party.
-- A party is an operation, a campaign, or the From host of mail in no campaign. Mail of the campaign
-- and its operation is left out. Each network gives at most 300 rows.
WITH mine AS (
    SELECT operation_id FROM campaigns WHERE campaign_id = $1
), nets AS (
    SELECT DISTINCT network(set_masklen(m.sender, CASE family(m.sender) WHEN 4 THEN 24 ELSE 48 END)) AS net
      FROM memberships b
      JOIN messages m USING (message_key)
     WHERE b.campaign_id = $1 AND m.sender IS NOT NULL
)
SELECT n.net, x.name, x.party, x.ham
  FROM nets n
 CROSS JOIN LATERAL (
       SELECT DISTINCT lower(coalesce(m.reverse_name, CASE WHEN m.reverse_state IS NULL THEN m.helo END)) AS name, m.ham,
              CASE WHEN c.operation_id IS NOT NULL THEN 'o' || c.operation_id WHEN b.campaign_id IS NOT NULL THEN 'c' || b.campaign_id
                   ELSE split_part(lower(coalesce(m.from_address, '')), '@', 2) END AS party
         FROM messages m
         LEFT JOIN memberships b USING (message_key)
         LEFT JOIN campaigns c USING (campaign_id)
        WHERE m.sender BETWEEN set_masklen(n.net::inet, CASE family(n.net) WHEN 4 THEN 32 ELSE 128 END)
                           AND set_masklen(broadcast(n.net), CASE family(n.net) WHEN 4 THEN 32 ELSE 128 END)
          AND b.campaign_id IS DISTINCT FROM $1
          AND (c.operation_id IS NULL OR c.operation_id IS DISTINCT FROM (SELECT operation_id FROM mine))
        LIMIT 300) AS x
 WHERE x.name <> ''
 LIMIT 20000
