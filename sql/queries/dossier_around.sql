-- Messages from the networks (/24, /48 of IPv6) of campaign $1's senders, counted up to $2: what dossier_neighbours reads.
WITH nets AS (
    SELECT DISTINCT network(set_masklen(m.sender, CASE family(m.sender) WHEN 4 THEN 24 ELSE 48 END)) AS net
      FROM memberships b
      JOIN messages m USING (message_key)
     WHERE b.campaign_id = $1 AND m.sender IS NOT NULL
)
SELECT count(*)
  FROM (SELECT
          FROM nets n
          JOIN messages m ON m.sender BETWEEN set_masklen(n.net::inet, CASE family(n.net) WHEN 4 THEN 32 ELSE 128 END)
                                          AND set_masklen(broadcast(n.net), CASE family(n.net) WHEN 4 THEN 32 ELSE 128 END)
         LIMIT $2) AS x
