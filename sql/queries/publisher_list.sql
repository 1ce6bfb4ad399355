-- Publishers named $1, by address or domain ('': all), by number of issues, at most $2.
SELECT p.publisher_id, p.name, s.messages, p.listed, p.days::bigint AS days,
       coalesce(s.first_seen, '0001-01-01 00:00:00Z') AS first_seen, coalesce(s.last_seen, '0001-01-01 00:00:00Z') AS last_seen,
       count(*) OVER () AS all_publishers, sum(s.messages) OVER ()::bigint AS all_messages
FROM publishers p
JOIN (SELECT i.publisher_id, count(*) AS messages, min(m.received_at) AS first_seen, max(m.received_at) AS last_seen
        FROM publisher_issues i
        JOIN messages m USING (message_key)
       GROUP BY i.publisher_id) AS s USING (publisher_id)
WHERE $1::text = '' OR lower(p.name) = lower($1) OR right(lower(p.name), length(ltrim($1, '@')) + 1) = '@' || lower(ltrim($1, '@'))
ORDER BY s.messages DESC, p.name
LIMIT $2
