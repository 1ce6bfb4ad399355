-- Stores observations of an archive, each with the time from first to last sight. One with the same
-- content grows.
INSERT INTO observations AS o (subject, kind, source, server, asked_at, confirmed_at, fresh_until, took, outcome, content_hash, parsed)
SELECT n.subject, n.kind, n.source, n.server, n.first_seen, n.last_seen, n.last_seen, '0', 'answered', n.content_hash, n.parsed::jsonb
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::bytea[], $8::text[])
       AS n (subject, kind, source, server, first_seen, last_seen, content_hash, parsed)
 ORDER BY n.subject COLLATE "C", n.source, n.server, n.first_seen
ON CONFLICT (subject, kind, source, server, asked_at) DO UPDATE
   SET confirmed_at = excluded.confirmed_at, fresh_until = excluded.fresh_until
 WHERE o.content_hash = excluded.content_hash AND o.confirmed_at < excluded.confirmed_at
