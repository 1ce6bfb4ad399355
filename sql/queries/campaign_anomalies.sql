-- Anomalies of the header chain that several members of campaign $1 show, with the other spam that
-- shows each, up to 500.
WITH mine AS (
    SELECT value_raw AS code, messages AS members, details[1] AS reason, details[2] AS evidence
    FROM campaign_values_v
    WHERE number = $1 AND kind = 'anomaly' AND messages > 1
    ORDER BY members DESC, code
    LIMIT $2
)
SELECT mine.code, mine.members, mine.members + o.spam AS spam, o.spam = 500 AS more, mine.reason, coalesce(mine.evidence, '') AS evidence
FROM mine
CROSS JOIN LATERAL (
    SELECT count(DISTINCT l.message_key) AS spam
    FROM (SELECT a.message_key
            FROM anomalies a
            LEFT JOIN LATERAL (SELECT b.campaign_id FROM memberships b WHERE b.message_key = a.message_key LIMIT 1) b ON true
           WHERE a.code = mine.code AND b.campaign_id IS DISTINCT FROM $1
             -- Wanted mail is a member of nothing.
             AND (b.campaign_id IS NOT NULL OR NOT (SELECT m.ham FROM messages m WHERE m.message_key = a.message_key))
           LIMIT 500) l
) o
ORDER BY members DESC, code
