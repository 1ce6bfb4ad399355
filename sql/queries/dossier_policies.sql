-- Last known SPF records (RFC 7208) of the domains $1.
SELECT DISTINCT ON (o.subject) o.subject AS domain, t.record
  FROM observations o
 CROSS JOIN LATERAL jsonb_array_elements_text(CASE WHEN jsonb_typeof(o.parsed -> 'txt') = 'array' THEN o.parsed -> 'txt' ELSE '[]' END) AS t (record)
 WHERE o.subject = ANY ($1::text[]) AND o.source = 'dns' AND o.outcome = 'answered' AND t.record ILIKE 'v=spf1 %'
 ORDER BY o.subject, o.confirmed_at DESC
