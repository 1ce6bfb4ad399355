-- The original text of the fields of messages $1.
SELECT m.message_key, encode(m.sha256, 'hex') AS sha256, coalesce(b.campaign_id, 0) AS campaign_id, coalesce(b.confidence, 0) AS confidence,
       coalesce(p.name, '') AS publisher, b.campaign_id IS NULL AND NOT m.ham AND coalesce(m.report, false) AS report,
       coalesce(h.raw, '') AS received, substr(r.data, 1, 262144) AS raw,
       coalesce(o.codes, '{}') AS anomalies, coalesce(o.evidence, '{}') AS evidence
FROM messages m
LEFT JOIN memberships b USING (message_key)
LEFT JOIN publisher_issues i USING (message_key)
LEFT JOIN publishers p USING (publisher_id)
LEFT JOIN hops h ON h.message_key = m.message_key AND h.n = m.boundary_hop
LEFT JOIN raw r ON r.message_key = m.message_key
LEFT JOIN LATERAL (
    SELECT array_agg(a.code ORDER BY a.n) AS codes, array_agg(coalesce(a.evidence, a.reason) ORDER BY a.n) AS evidence
    FROM anomalies a
    WHERE a.message_key = m.message_key
) o ON true
WHERE m.message_key = ANY ($1::bigint[])
ORDER BY m.message_key
