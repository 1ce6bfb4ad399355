-- Messages whose evidence has one of the features $1, by campaign (0: none). It reads all evidence.
WITH hits AS (
    SELECT i.message_key, 'evidence' AS role, f.feature::text AS value FROM incidence i CROSS JOIN LATERAL unnest(i.features) AS f (feature)
    WHERE i.features && $1::bigint[] AND f.feature = ANY ($1)
), met AS MATERIALIZED (
    -- LIMIT makes the server look up each message, in place of reading all.
    SELECT d.message_key, m.ham, m.received_at, m.sha256, m.report, b.campaign_id
    FROM (SELECT DISTINCT message_key FROM hits) d
    CROSS JOIN LATERAL (SELECT m.ham, m.received_at, m.sha256, m.report FROM messages m WHERE m.message_key = d.message_key LIMIT 1) m
    LEFT JOIN LATERAL (SELECT b.campaign_id FROM memberships b WHERE b.message_key = d.message_key LIMIT 1) b ON true
), grouped AS (
    SELECT coalesce(m.campaign_id, 0) AS campaign, h.role, h.value, grouping(h.value) AS whole,
           count(DISTINCT h.message_key) FILTER (WHERE NOT m.ham) AS spam,
           count(DISTINCT h.message_key) FILTER (WHERE m.ham) AS ham
    FROM hits h
    JOIN met m USING (message_key)
    GROUP BY GROUPING SETS ((1, 2, 3), (1, 2))
), total AS (
    SELECT count(*) FILTER (WHERE NOT m.ham) AS spam, count(*) FILTER (WHERE m.ham) AS ham,
           coalesce(min(m.received_at), '0001-01-01 00:00:00Z') AS first_seen,
           coalesce(max(m.received_at), '0001-01-01 00:00:00Z') AS last_seen,
           coalesce((SELECT array_agg(encode(n.sha256, 'hex') ORDER BY n.received_at DESC NULLS LAST, n.sha256)
                       FROM (SELECT sha256, received_at FROM met ORDER BY received_at DESC NULLS LAST, sha256 LIMIT 6) n), '{}') AS newest
    FROM met m
), aside AS (
    -- Messages that are set aside, by publisher; '': delivery reports.
    SELECT array_agg(a.name ORDER BY a.n DESC, a.name) AS publishers, array_agg(a.n ORDER BY a.n DESC, a.name) AS issues
    FROM (SELECT coalesce(p.name, '') AS name, count(*) AS n
            FROM met m
            LEFT JOIN LATERAL (SELECT i.publisher_id FROM publisher_issues i WHERE i.message_key = m.message_key LIMIT 1) i ON true
            LEFT JOIN publishers p USING (publisher_id)
           WHERE NOT m.ham AND m.campaign_id IS NULL AND (p.name IS NOT NULL OR m.report)
           GROUP BY 1
           ORDER BY n DESC, 1
           LIMIT 100) AS a
)
SELECT g.campaign, g.role, g.value, g.spam, g.ham, w.spam AS role_spam, w.ham AS role_ham, t.spam AS all_spam, t.ham AS all_ham, t.first_seen, t.last_seen, t.newest, count(*) OVER () AS all_hits,
       coalesce(a.publishers, '{}') AS aside_publishers, coalesce(a.issues, '{}') AS aside_issues
FROM grouped g
JOIN grouped w ON w.whole = 1 AND w.campaign = g.campaign AND w.role = g.role
CROSS JOIN total t
CROSS JOIN aside a
WHERE g.whole = 0
ORDER BY w.spam DESC, w.ham DESC, g.campaign, g.role, g.spam DESC, g.ham DESC, g.value
LIMIT 5000
