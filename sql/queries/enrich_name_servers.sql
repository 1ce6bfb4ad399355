WITH put AS (
    INSERT INTO name_servers AS s (host, addresses, asked_at)
    SELECT n.host, n.addresses::inet[], n.at FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS n (host, addresses, at) ORDER BY 1
    ON CONFLICT (host) DO UPDATE SET addresses = excluded.addresses, asked_at = excluded.asked_at
     WHERE s.asked_at < excluded.asked_at AND s.addresses <> excluded.addresses
    RETURNING host
)
INSERT INTO domain_changes (kind, name) SELECT 'name server', host FROM put
