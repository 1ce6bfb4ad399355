-- The $2 commonest link hosts of members of campaign $1, their number in other messages, and the
-- registration of their domains. Others are counted among 500 links: a host in half of all mail
-- would take seconds. A host in no more links than those of the members is in no other message: the
-- index tells, in place of looking up each link's message. Subqueries look up each message; a join would read them all.
WITH mine AS (
    SELECT value_raw AS host, details[1] AS domain, details[2] AS shared, details[3]::bigint AS links, messages AS members
    FROM campaign_values_v
    WHERE number = $1 AND kind = 'host' AND place <= coalesce($2::bigint, 9223372036854775807)
)
SELECT mine.host, coalesce(mine.domain, '') AS domain, mine.members, mine.members + o.spam AS spam, o.ham, o.links = 500 AS more, coalesce(mine.shared, '') AS shared,
       coalesce(d.created, '0001-01-01 00:00:00Z') AS created, coalesce(d.registrar_key, d.registrar, '') AS registrar
FROM mine
CROSS JOIN LATERAL (
    SELECT count(*) AS links, count(DISTINCT l.message_key) FILTER (WHERE NOT l.ham) AS spam, count(DISTINCT l.message_key) FILTER (WHERE l.ham) AS ham
    FROM (SELECT u.message_key,
                 -- Wanted mail is a member of nothing.
                 CASE WHEN b.campaign_id IS NULL THEN (SELECT m.ham FROM messages m WHERE m.message_key = u.message_key) ELSE false END AS ham
            FROM urls u
            LEFT JOIN LATERAL (SELECT b.campaign_id FROM memberships b WHERE b.message_key = u.message_key LIMIT 1) b ON true
           WHERE u.host = mine.host AND b.campaign_id IS DISTINCT FROM $1
             AND (SELECT count(*) FROM (SELECT FROM urls x WHERE x.host = mine.host LIMIT mine.links + 1) AS n) IS DISTINCT FROM mine.links
           LIMIT 500) l
) o
LEFT JOIN domains d ON d.domain = mine.domain
ORDER BY members DESC, host
