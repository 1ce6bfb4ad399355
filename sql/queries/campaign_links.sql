-- The $2 link hosts that most members of campaign $1 have, how many others have them, and what
-- registries say of their domains.
WITH mine AS (
    SELECT u.host, max(u.domain) AS domain, count(DISTINCT u.message_key) AS members
    FROM memberships b
    JOIN urls u USING (message_key)
    WHERE b.campaign_id = $1 AND u.host IS NOT NULL
    GROUP BY u.host
    ORDER BY members DESC, u.host
    LIMIT $2
), everywhere AS (
    SELECT u.host, count(DISTINCT u.message_key) FILTER (WHERE NOT m.ham) AS spam,
           count(DISTINCT u.message_key) FILTER (WHERE m.ham) AS ham, max(u.shared) AS shared
    FROM urls u
    JOIN messages m USING (message_key)
    WHERE u.host IN (SELECT host FROM mine)
    GROUP BY u.host
)
SELECT host, coalesce(mine.domain, '') AS domain, members, spam, everywhere.ham, coalesce(shared, '') AS shared,
       coalesce(d.created, '0001-01-01 00:00:00Z') AS created, coalesce(d.registrar_key, d.registrar, '') AS registrar
FROM mine
JOIN everywhere USING (host)
LEFT JOIN domains d ON d.domain = mine.domain
ORDER BY members DESC, host
