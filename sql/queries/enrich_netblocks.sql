WITH n AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (asked_at timestamptz, fresh_until timestamptz, prefix cidr, first inet, last inet,
           source text, server text, handle text, name text, owner text, country text, registry text, status text, abuse_email text,
           created timestamptz, updated timestamptz, content_hash text)
), l AS (
    SELECT n.*, decode(n.content_hash, 'base64') AS hash, b.asked_at AS last_at, b.content_hash AS last_hash
      FROM n LEFT JOIN LATERAL (
           SELECT b.asked_at, b.content_hash FROM netblocks b
            WHERE b.prefix = n.prefix AND b.source = n.source ORDER BY b.asked_at DESC LIMIT 1) AS b ON true
), longer AS (
    UPDATE netblocks AS b
       SET confirmed_at = greatest(b.confirmed_at, l.asked_at), fresh_until = greatest(b.fresh_until, l.fresh_until), ended_at = NULL
      FROM l WHERE b.prefix = l.prefix AND b.source = l.source AND b.asked_at = l.last_at AND l.last_hash = l.hash
), put AS (
    INSERT INTO netblocks (prefix, first, last, source, server, asked_at, confirmed_at, fresh_until, created, updated,
           handle, name, owner, country, registry, status, abuse_email, content_hash)
    SELECT prefix, first, last, source, server, asked_at, asked_at, fresh_until, created, updated,
           handle, name, owner, country, registry, status, abuse_email, hash
      FROM l WHERE last_hash IS DISTINCT FROM hash
    ON CONFLICT DO NOTHING
    RETURNING prefix
)
INSERT INTO domain_changes (kind, name) SELECT 'network', prefix FROM put
UNION
-- Confirmed again it may be the best known once more, after an end or beside another source.
SELECT 'network', b.prefix
  FROM l JOIN netblocks b ON b.prefix = l.prefix AND b.source = l.source AND b.asked_at = l.last_at AND l.last_hash = l.hash
 WHERE b.ended_at IS NOT NULL OR EXISTS (SELECT FROM netblocks x WHERE x.prefix = b.prefix AND x.source <> b.source)
