-- The commonest subject of each of campaigns $1, and how many others there are.
SELECT c.campaign_id, s.subject, s.messages, s.subjects
FROM unnest($1::bigint[]) AS c (campaign_id)
CROSS JOIN LATERAL (
    SELECT m.subject, count(*) AS messages, count(*) OVER () AS subjects
    FROM memberships b
    JOIN messages m USING (message_key)
    WHERE b.campaign_id = c.campaign_id AND btrim(m.subject) <> ''
    GROUP BY m.subject
    ORDER BY messages DESC, m.subject
    LIMIT 1
) s
