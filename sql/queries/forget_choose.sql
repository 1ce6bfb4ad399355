-- Messages with the hashes $1, the recipient $2, an arrival before $3, in campaign $4, and with all
-- places in the files or directories $5. NULL selects all.
SELECT m.message_key, m.sha256
  FROM messages m
 WHERE ($1::bytea[] IS NULL OR m.sha256 = ANY ($1))
   AND ($2::text IS NULL
        OR EXISTS (SELECT FROM unnest(m.recipients || m.to_addresses) AS r WHERE lower(r) = lower($2))
        OR EXISTS (SELECT FROM hops h WHERE h.message_key = m.message_key AND lower(h.recipient) = lower($2)))
   AND ($3::timestamptz IS NULL OR coalesce(m.received_at, m.date) < $3)
   AND ($4::bigint IS NULL OR EXISTS (SELECT FROM memberships b WHERE b.message_key = m.message_key AND b.campaign_id = $4))
   AND ($5::text[] IS NULL OR
        (SELECT bool_and(EXISTS (SELECT FROM unnest($5) AS x WHERE s.path = x OR starts_with(s.path, x || '/')))
           FROM places p JOIN sources s USING (source_key)
          WHERE p.message_key = m.message_key))
 ORDER BY m.message_key
