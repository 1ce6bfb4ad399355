-- Oddities of the header chain that several members of campaign $1 show, and how many other spam does.
WITH mine AS (
    SELECT a.code, count(DISTINCT a.message_key) AS members, min(a.reason) AS reason, coalesce(min(a.evidence), '') AS evidence
    FROM memberships b
    JOIN anomalies a USING (message_key)
    WHERE b.campaign_id = $1
    GROUP BY a.code
), everywhere AS (
    SELECT a.code, count(DISTINCT a.message_key) AS spam
    FROM anomalies a
    JOIN messages m USING (message_key)
    WHERE NOT m.ham AND a.code IN (SELECT code FROM mine)
    GROUP BY a.code
)
SELECT code, members, spam, reason, evidence
FROM mine
JOIN everywhere USING (code)
WHERE members > 1
ORDER BY members DESC, code
LIMIT $2
