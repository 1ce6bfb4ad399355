INSERT INTO observations (subject, kind, source, server, asked_at, confirmed_at, fresh_until, confirmations, took, outcome, detail, content_hash, answer_hash, parsed)
SELECT n.subject, n.kind, n.source, n.server, n.asked_at, n.confirmed_at, n.fresh_until, n.confirmations, n.took, n.outcome, n.detail, n.content_hash, n.answer_hash, n.parsed::jsonb
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::integer[],
              $9::interval[], $10::text[], $11::text[], $12::bytea[], $13::bytea[], $14::text[])
       AS n (subject, kind, source, server, asked_at, confirmed_at, fresh_until, confirmations, took, outcome, detail, content_hash, answer_hash, parsed)
ON CONFLICT DO NOTHING
