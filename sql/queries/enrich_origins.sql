WITH n AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (asked_at timestamptz, fresh_until timestamptz, prefix cidr,
           source text, country text, registry text, asns bigint[], names text[], content_hash text)
), l AS (
    SELECT n.*, decode(n.content_hash, 'base64') AS hash, b.asked_at AS last_at, b.content_hash AS last_hash
      FROM n LEFT JOIN LATERAL (
           SELECT b.asked_at, b.content_hash FROM origins b
            WHERE b.prefix = n.prefix AND b.source = n.source ORDER BY b.asked_at DESC LIMIT 1) AS b ON true
), longer AS (
    UPDATE origins AS b
       SET confirmed_at = greatest(b.confirmed_at, l.asked_at), fresh_until = greatest(b.fresh_until, l.fresh_until)
      FROM l WHERE b.prefix = l.prefix AND b.source = l.source AND b.asked_at = l.last_at AND l.last_hash = l.hash
), put AS (
    INSERT INTO origins (prefix, source, asked_at, confirmed_at, fresh_until, country, registry, asns, names, content_hash)
    SELECT prefix, source, asked_at, asked_at, fresh_until, country, registry, asns, nullif(names, '{}'), hash
      FROM l WHERE last_hash IS DISTINCT FROM hash
    ON CONFLICT DO NOTHING
    RETURNING prefix
)
INSERT INTO domain_changes (kind, name) SELECT 'network', prefix FROM put
