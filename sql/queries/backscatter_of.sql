-- Delivery reports that return mail of campaign $1.
SELECT count(*) AS reports,
       count(*) FILTER (WHERE b.matched_by = 'Message-ID') AS by_id,
       count(*) FILTER (WHERE b.matched_by = 'links') AS by_links,
       count(*) FILTER (WHERE b.matched_by = 'subject') AS by_subject,
       coalesce(min(m.received_at), '0001-01-01 00:00:00Z') AS first_seen,
       coalesce(max(m.received_at), '0001-01-01 00:00:00Z') AS last_seen,
       coalesce((array_agg(encode(m.sha256, 'hex') ORDER BY m.received_at DESC NULLS LAST, m.sha256))[1:100], '{}') AS newest
FROM backscatter b
JOIN messages m USING (message_key)
WHERE b.campaign_id = $1
