-- Messages in which an indicator stands, by campaign (0: none), role and what stood beside it.
-- $1 is its kind (host, url, net, mail, phone, message-id, hash), $2 its normal form, $3 the
-- network of kind net (any, for the others), $4 the registered domain of kind host.
WITH hits AS (
    SELECT u.message_key, 'link' AS role, left(coalesce(substring(u.url FROM '://[^/]*(/[^?#]*)'), ''), 500) AS value
    FROM urls u
    WHERE $1::text = 'host' AND (u.host = $2::text OR u.domain = $4::text AND (u.domain = $2 OR right(u.host, length($2) + 1) = '.' || $2))
    UNION ALL
    SELECT u.message_key, 'link', left(coalesce(u.url, u.raw), 500) FROM urls u
    WHERE $1 = 'url' AND (u.url = $2 OR u.raw = $2 OR starts_with(u.url, $2 || '?'))
    UNION ALL
    SELECT u.message_key, 'link', left(coalesce(u.url, u.raw), 500) FROM urls u WHERE $1 = 'net' AND u.address <<= $3::inet
    UNION ALL
    SELECT m.message_key, 'sender', coalesce('HELO ' || m.helo, '') FROM messages m WHERE $1 = 'net' AND m.sender <<= $3
    UNION ALL
    SELECT h.message_key, 'hop', coalesce('by ' || h.by_name, '') FROM hops h
    JOIN messages m USING (message_key)
    WHERE $1 = 'net' AND h.address <<= $3 AND m.sender IS DISTINCT FROM h.address
    UNION ALL
    SELECT m.message_key, 'HELO', m.helo FROM messages m
    WHERE $1 = 'host' AND (lower(m.helo) = $2 OR right(lower(m.helo), length($2) + 1) = '.' || $2)
    UNION ALL
    SELECT m.message_key, 'reverse name', m.reverse_name FROM messages m
    WHERE $1 = 'host' AND (lower(m.reverse_name) = $2 OR right(lower(m.reverse_name), length($2) + 1) = '.' || $2)
    UNION ALL
    SELECT m.message_key, 'From', m.from_address FROM messages m
    WHERE $1 = 'host' AND split_part(lower(m.from_address), '@', 2) = $2 OR $1 = 'mail' AND lower(m.from_address) = $2
    UNION ALL
    SELECT m.message_key, 'bounce address', m.return_path FROM messages m
    WHERE $1 = 'host' AND split_part(lower(m.return_path), '@', 2) = $2 OR $1 = 'mail' AND lower(m.return_path) = $2
    UNION ALL
    SELECT m.message_key, 'Reply-To', '' FROM messages m WHERE $1 = 'mail' AND $2 = ANY (m.reply_to)
    UNION ALL
    SELECT c.message_key, 'in the text', '' FROM contacts c
    WHERE $1 = 'mail' AND c.kind = 'mail' AND lower(c.value) = $2
       OR $1 = 'phone' AND c.kind = 'phone' AND (c.value = $2 OR ltrim(c.value, '+') = ltrim($2, '+'))
    UNION ALL
    SELECT m.message_key, 'Message-ID', '' FROM messages m WHERE $1 IN ('message-id', 'mail') AND m.message_id = $2
    UNION ALL
    SELECT m.message_key, 'message', '' FROM messages m WHERE $1 = 'hash' AND m.sha256 = CASE WHEN $1 = 'hash' THEN decode($2, 'hex') END
    UNION ALL
    SELECT p.message_key, 'attachment', coalesce(p.name, '') FROM parts p WHERE $1 = 'hash' AND p.attachment AND p.sha256 = CASE WHEN $1 = 'hash' THEN decode($2, 'hex') END
), grouped AS (
    SELECT coalesce(b.campaign_id, 0) AS campaign, h.role, h.value,
           count(DISTINCT h.message_key) FILTER (WHERE NOT m.ham) AS spam,
           count(DISTINCT h.message_key) FILTER (WHERE m.ham) AS ham
    FROM hits h
    JOIN messages m USING (message_key)
    LEFT JOIN memberships b USING (message_key)
    GROUP BY 1, 2, 3
), total AS (
    SELECT count(DISTINCT h.message_key) FILTER (WHERE NOT m.ham) AS spam,
           count(DISTINCT h.message_key) FILTER (WHERE m.ham) AS ham,
           coalesce(min(m.received_at), '0001-01-01 00:00:00Z') AS first_seen,
           coalesce(max(m.received_at), '0001-01-01 00:00:00Z') AS last_seen
    FROM hits h
    JOIN messages m USING (message_key)
)
SELECT g.campaign, g.role, g.value, g.spam, g.ham, t.spam AS all_spam, t.ham AS all_ham, t.first_seen, t.last_seen
FROM grouped g
CROSS JOIN total t
ORDER BY g.spam DESC, g.ham DESC, g.campaign, g.role, g.value
LIMIT 200
