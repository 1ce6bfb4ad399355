-- Stores glue addresses of name servers. Later answers replace them, but they replace none.
WITH put AS (
    INSERT INTO name_servers (host, addresses, asked_at)
    SELECT n.host, n.addresses::inet[], n.at FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS n (host, addresses, at) ORDER BY 1
    ON CONFLICT DO NOTHING
    RETURNING host
)
INSERT INTO domain_changes (kind, name) SELECT 'name server', host FROM put
