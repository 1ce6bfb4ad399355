-- Messages that contain an indicator, by campaign (0: none), role and accompanying value. $1 is its
-- kind (host, url, net, mail, phone, message-id, hash, as, words, text, evidence), $2 its normal form, $3 the
-- network of kind net (any for the others), $4 the registered domain of kind host, $5 all forms in
-- which it can be stored, $6 and $7 the least and greatest message key of kind hash, $8 the terms of
-- its messages in the index of words (package terms), $9 the host of kind url, $10 the features of
-- kind evidence, $11 the most rows, $12 the most messages of senders in a network: beyond these,
-- the answer covers the network up to the address last_sender. $13 is the most values of a role.
WITH RECURSIVE registered AS (
    -- Addresses by registration: number or name of their system, holder of their netblock.
    SELECT v.subject
    FROM observed_values v
    WHERE v.field = 'asn' AND v.value IN (
              SELECT $2::text WHERE $1::text = 'as'
              UNION ALL
              SELECT a::text FROM origins o CROSS JOIN LATERAL unnest(o.asns) AS a
              WHERE $1 = 'words' AND EXISTS (SELECT FROM unnest(o.names) AS n WHERE lower(n) = $2 OR starts_with(lower(n), $2 || ' ') OR right(lower(n), length($2) + 1) = ' ' || $2))
    UNION
    SELECT v.subject FROM observed_values v WHERE $1 = 'words' AND v.field IN ('owner', 'netblock.name') AND lower(v.value) = $2
), located AS (
    -- Hosts by address: in the network of kind net, or registered as above.
    SELECT v.value::inet AS address, v.subject AS name
    FROM observed_values v
    WHERE v.source = 'dns' AND v.field = 'address' AND $1 = 'net' AND v.value::inet <<= $3::inet
    UNION ALL
    SELECT v.value::inet, v.subject
    FROM registered a
    JOIN observed_values v ON v.value = a.subject
    WHERE v.source = 'dns' AND v.field = 'address'
), names AS (
    -- Domains by registration, with the field that matches.
    SELECT d.domain, x.role
    FROM domains d
    CROSS JOIN LATERAL (VALUES
        ('registrant', $1 = 'words' AND ($2 IN (lower(d.registrant_name), lower(d.registrant_org), lower(d.registrant_handle)))),
        ('registrar', $1 = 'words' AND $2 IN (lower(d.registrar), lower(d.registrar_key))),
        ('registrant e-mail', $1 = 'mail' AND lower(d.registrant_email) = $2),
        ('registrant phone', $1 = 'phone' AND d.registrant_phone = ANY ($5::text[]))
    ) AS x (role, holds)
    WHERE $1 IN ('words', 'mail', 'phone') AND x.holds
      AND registration_terms(d.registrant_name, d.registrant_org, d.registrant_handle, d.registrar, d.registrar_key, d.registrant_email, d.registrant_phone)
          && (CASE $1 WHEN 'phone' THEN $5::text[] ELSE ARRAY[left($2, 300)] END)
    UNION ALL
    SELECT d.domain, 'name server' FROM domains d WHERE $1 = 'host' AND name_suffixes(d.name_servers) @> ARRAY[$2]
    UNION ALL
    SELECT d.domain, 'name server at'
    FROM name_servers s
    JOIN domains d ON d.name_servers @> ARRAY[s.host]
    WHERE $1 = 'net' AND EXISTS (SELECT FROM unnest(s.addresses) AS a WHERE a <<= $3)
), codes AS (
    -- There are some dozens of anomalies; each has one reason.
    (SELECT a.code FROM anomalies a WHERE $1 = 'words' ORDER BY a.code LIMIT 1)
    UNION ALL
    SELECT (SELECT a.code FROM anomalies a WHERE a.code > c.code ORDER BY a.code LIMIT 1) FROM codes c WHERE c.code IS NOT NULL
), meant AS (
    SELECT c.code FROM codes c WHERE c.code = $2 OR (SELECT lower(a.reason) FROM anomalies a WHERE a.code = c.code LIMIT 1) = $2
), said AS MATERIALIZED (
    SELECT t.message_key FROM texts t WHERE t.words @@ nullif($8, '')::tsquery
), senders AS MATERIALIZED (
    -- A network may have sent a tenth of all mail: its messages are read once.
    SELECT m.message_key, coalesce(b.campaign_id, 0) AS campaign, m.ham, m.received_at, m.sha256, m.report, m.sender, coalesce('HELO ' || m.helo, '') AS helo
    FROM (SELECT * FROM messages WHERE $1 = 'net' AND sender <<= $3 ORDER BY sender, message_key LIMIT $12) m
    LEFT JOIN LATERAL (SELECT b.campaign_id FROM memberships b WHERE b.message_key = m.message_key LIMIT 1) b ON true
), edge AS MATERIALIZED (
    SELECT CASE WHEN count(*) = $12 THEN max(sender) END AS last FROM senders
), hits AS (
    SELECT u.message_key, 'link' AS role, left(coalesce(substring(u.url FROM '://[^/]*(/[^?#]*)'), ''), 500) AS value
    FROM urls u
    WHERE $1 = 'host' AND (u.host = $2::text OR u.domain = $4::text AND (u.domain = $2 OR right(u.host, length($2) + 1) = '.' || $2))
    UNION ALL
    SELECT u.message_key, 'link', left(coalesce(u.url, u.raw), 500) FROM urls u
    WHERE $1 = 'url' AND u.host = ANY (ARRAY[$9, '[' || $9 || ']']) AND (u.url = $2 OR u.raw = $2 OR starts_with(u.url, $2 || '?'))
    UNION ALL
    SELECT u.message_key, 'link', left(u.raw, 500) FROM urls u WHERE $1 = 'url' AND u.host IS NULL AND u.raw = $2
    UNION ALL
    SELECT u.message_key, 'link', left(coalesce(u.url, u.raw), 500) FROM urls u WHERE $1 = 'net' AND u.address <<= $3
    UNION ALL
    SELECT h.message_key, 'hop', coalesce('by ' || h.by_name, '')
    FROM hops h
    CROSS JOIN edge e
    LEFT JOIN senders s USING (message_key)
    WHERE $1 = 'net' AND h.address <<= $3 AND s.sender IS DISTINCT FROM h.address
      -- The last address that there is stands for no bound, so that the index reads up to the bound.
      AND h.address < coalesce(e.last, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')
    UNION ALL
    SELECT m.message_key, f.role, f.value
    FROM said
    JOIN messages m USING (message_key)
    CROSS JOIN LATERAL (VALUES
        ('HELO', m.helo, $1 = 'host' AND (lower(m.helo) = $2 OR right(lower(m.helo), length($2) + 1) = '.' || $2) OR $1 = 'words' AND lower(m.helo) = $2),
        ('reverse name', m.reverse_name, $1 = 'host' AND (lower(m.reverse_name) = $2 OR right(lower(m.reverse_name), length($2) + 1) = '.' || $2)),
        ('From', m.from_address, $1 = 'host' AND split_part(lower(m.from_address), '@', 2) = $2 OR $1 = 'mail' AND lower(m.from_address) = $2),
        ('bounce address', m.return_path, $1 = 'host' AND split_part(lower(m.return_path), '@', 2) = $2 OR $1 = 'mail' AND lower(m.return_path) = $2),
        ('Reply-To', '', $1 = 'mail' AND EXISTS (SELECT FROM unnest(m.reply_to) AS r WHERE lower(r) = $2)
                         OR $1 = 'host' AND EXISTS (SELECT FROM unnest(m.reply_to) AS r WHERE split_part(lower(r), '@', 2) = $2)),
        ('From name', m.from_name, $1 = 'words' AND lower(m.from_name) = $2),
        ('subject', m.subject, $1 = 'words' AND (lower(m.subject) = $2 OR m.subject_key = $2)),
        ('mailer', m.mailer, $1 = 'words' AND lower(m.mailer) = $2)
    ) AS f (role, value, holds)
    WHERE f.holds
    UNION ALL
    SELECT m.message_key, 'recipient', '' FROM messages m WHERE $1 = 'mail' AND m.recipients && $5
    UNION ALL
    SELECT c.message_key, 'in the text', '' FROM said JOIN contacts c USING (message_key) WHERE $1 = 'mail' AND c.kind = 'mail' AND lower(c.value) = $2
    UNION ALL
    SELECT c.message_key, 'in the text', '' FROM contacts c WHERE $1 = 'phone' AND c.kind = 'phone' AND c.value = ANY ($5)
    UNION ALL
    SELECT c.message_key, 'in the text', '' FROM contacts c WHERE $1 = 'words' AND c.value = ANY ($5)
    UNION ALL
    SELECT m.message_key, 'Message-ID', '' FROM messages m WHERE $1 IN ('message-id', 'mail') AND m.message_id = $2
    UNION ALL
    SELECT m.message_key, 'message', encode(m.sha256, 'hex') FROM messages m
    WHERE $1 = 'hash' AND m.message_key BETWEEN $6::bigint AND $7::bigint AND starts_with(encode(m.sha256, 'hex'), $2)
    UNION ALL
    SELECT p.message_key, 'attachment', coalesce(p.name, '') FROM parts p
    WHERE $1 = 'hash' AND p.attachment AND p.sha256 BETWEEN CASE WHEN $1 = 'hash' THEN decode(rpad($2, 64, '0'), 'hex') END
                                                        AND CASE WHEN $1 = 'hash' THEN decode(rpad($2, 64, 'f'), 'hex') END
    UNION ALL
    SELECT u.message_key, 'link to ' || n.role, n.domain FROM names n JOIN urls u ON u.domain = n.domain
    UNION ALL
    SELECT u.message_key, 'link hosted there', l.name || ' at ' || host(l.address) FROM located l JOIN urls u ON u.host = l.name
    UNION ALL
    SELECT u.message_key, 'link hosted there', l.name || ' at ' || host(l.address) FROM located l JOIN urls u ON u.domain = l.name AND u.host <> l.name
    UNION ALL
    SELECT m.message_key, 'sender', host(m.sender) FROM registered r JOIN messages m ON m.sender = r.subject::inet
    UNION ALL
    SELECT p.message_key, 'attachment', p.name FROM said JOIN parts p USING (message_key) WHERE $1 = 'words' AND p.attachment AND lower(p.name) = $2
    UNION ALL
    SELECT h.message_key, 'queue id', coalesce('at ' || h.by_name, '') FROM said JOIN hops h USING (message_key) WHERE $1 = 'words' AND h.queue_id = ANY ($5)
    UNION ALL
    SELECT d.message_key, 'queue id', 'in ' || d.file FROM deliveries d
    WHERE $1 = 'words' AND d.message_key IS NOT NULL AND (d.queue_id = ANY ($5) OR d.queue_ids && $5)
    UNION ALL
    SELECT a.message_key, 'anomaly', a.code FROM meant JOIN anomalies a USING (code)
    UNION ALL
    SELECT t.message_key, 'words', '' FROM texts t WHERE $1 = 'text' AND t.words @@ text_query($2)
    UNION ALL
    SELECT i.message_key, 'evidence', f::text FROM incidence i CROSS JOIN LATERAL unnest(i.features) AS f
    WHERE $1 = 'evidence' AND i.features && $10::bigint[] AND f = ANY ($10)
), met AS MATERIALIZED (
    SELECT s.message_key, s.campaign, s.ham, s.received_at, s.sha256, s.report FROM senders s
    UNION ALL
    -- LIMIT makes the server look up each message, in place of reading all.
    SELECT d.message_key, coalesce(b.campaign_id, 0), m.ham, m.received_at, m.sha256, m.report
    FROM (SELECT DISTINCT message_key FROM hits WHERE NOT EXISTS (SELECT FROM senders s WHERE s.message_key = hits.message_key)) d
    CROSS JOIN LATERAL (SELECT m.ham, m.received_at, m.sha256, m.report FROM messages m WHERE m.message_key = d.message_key LIMIT 1) m
    LEFT JOIN LATERAL (SELECT b.campaign_id FROM memberships b WHERE b.message_key = d.message_key LIMIT 1) b ON true
), places AS (
    SELECT campaign, 'sender' AS role, helo AS value, 0 AS whole, count(*) FILTER (WHERE NOT ham) AS spam, count(*) FILTER (WHERE ham) AS ham
    FROM senders
    GROUP BY campaign, helo
    UNION ALL
    SELECT m.campaign, h.role, h.value, grouping(h.value), count(DISTINCT h.message_key) FILTER (WHERE NOT m.ham), count(DISTINCT h.message_key) FILTER (WHERE m.ham)
    FROM hits h
    JOIN met m USING (message_key)
    GROUP BY GROUPING SETS ((1, 2, 3), (1, 2))
), wholes AS (
    SELECT campaign, role, sum(spam)::bigint AS spam, sum(ham)::bigint AS ham FROM places WHERE $1 = 'net' AND role = 'sender' GROUP BY campaign, role
    UNION ALL
    SELECT campaign, role, spam, ham FROM places WHERE whole = 1
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
           WHERE NOT m.ham AND m.campaign = 0 AND (p.name IS NOT NULL OR m.report)
           GROUP BY 1
           ORDER BY n DESC, 1
           LIMIT 100) AS a
)
SELECT campaign, role, g.value, g.spam, g.ham, g.values, w.spam AS role_spam, w.ham AS role_ham, t.spam AS all_spam, t.ham AS all_ham, t.first_seen, t.last_seen, t.newest,
       g.all_hits, (SELECT count(*) FROM wholes) AS all_roles, coalesce(a.publishers, '{}') AS aside_publishers, coalesce(a.issues, '{}') AS aside_issues,
       coalesce(host(e.last), '') AS last_sender, CASE WHEN e.last IS NULL THEN 0 ELSE (SELECT count(*) FROM messages WHERE sender <<= $3) END AS in_network
FROM (
    SELECT campaign, role, value, spam, ham, count(*) OVER () AS all_hits, count(*) OVER (PARTITION BY campaign, role) AS values,
           row_number() OVER (PARTITION BY campaign, role ORDER BY spam DESC, ham DESC, value) AS n
    FROM places
    WHERE whole = 0
) AS g
JOIN wholes w USING (campaign, role)
CROSS JOIN total t
CROSS JOIN aside a
CROSS JOIN edge e
WHERE $13::integer IS NULL OR g.n <= $13
ORDER BY w.spam DESC, w.ham DESC, campaign, role, g.n
LIMIT $11
