-- The $1 largest campaigns with the strongest trait of each that says something to people, before
-- those whose value is a hash or a pattern.
SELECT c.campaign_id, c.members AS messages, c.weakest_bits, coalesce(c.operation_id, 0) AS operation_id,
       coalesce(min(m.received_at), '0001-01-01 00:00:00Z') AS first_seen, coalesce(max(m.received_at), '0001-01-01 00:00:00Z') AS last_seen,
       coalesce(t.kind, '') AS kind, coalesce(t.value, '') AS value
FROM (SELECT campaign_id, members, weakest_bits, operation_id FROM campaigns WHERE members > 0 ORDER BY members DESC, campaign_id LIMIT $1) c
JOIN memberships b USING (campaign_id)
JOIN messages m USING (message_key)
LEFT JOIN (
    SELECT DISTINCT ON (campaign_id) campaign_id, kind, value
    FROM campaign_traits
    ORDER BY campaign_id, value IS NULL,
             kind NOT IN ('subject', 'subject word', 'contact address', 'phone', 'wallet', 'file name', 'link domain', 'link host', 'link', 'link at a shared host', 'id in a link',
                          'registrant', 'registrant organisation', 'registrant e-mail', 'registrant phone', 'registrant handle', 'name server domain',
                          'sender address', 'HELO name', 'From address', 'From domain', 'From name', 'Reply-To', 'bounce domain', 'mailer name', 'odd header'),
             n
) t ON t.campaign_id = c.campaign_id
GROUP BY c.campaign_id, c.members, c.weakest_bits, c.operation_id, t.kind, t.value
ORDER BY c.members DESC, c.campaign_id
