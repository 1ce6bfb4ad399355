-- Campaign $1 in numbers.
SELECT count(*) AS messages, count(b.spamrun_id) AS in_runs, count(DISTINCT m.sender) AS senders, count(DISTINCT m.subject) AS subjects,
       coalesce(min(m.received_at), '0001-01-01 00:00:00Z') AS first_seen,
       coalesce(max(m.received_at), '0001-01-01 00:00:00Z') AS last_seen,
       (SELECT count(DISTINCT coalesce(u.domain, u.host))
        FROM memberships l
        JOIN urls u USING (message_key)
        WHERE l.campaign_id = $1) AS domains
FROM memberships b
JOIN messages m USING (message_key)
WHERE b.campaign_id = $1
