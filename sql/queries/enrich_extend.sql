-- Confirms stored observations: the server gave the same answer $8 times more.
UPDATE observations AS o
   SET confirmed_at = greatest(o.confirmed_at, n.confirmed_at), fresh_until = n.fresh_until, confirmations = o.confirmations + n.more
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::integer[])
       AS n (subject, kind, source, server, asked_at, confirmed_at, fresh_until, more)
 WHERE o.subject = n.subject AND o.kind = n.kind AND o.source = n.source AND o.server = n.server AND o.asked_at = n.asked_at
