-- Ends the smaller netblocks around an address whose source now answers with a larger one.
WITH ended AS (
    UPDATE netblocks AS b SET ended_at = n.at
      FROM unnest($1::inet[], $2::text[], $3::integer[], $4::timestamptz[]) AS n (address, source, bits, at)
     WHERE b.prefix >>= n.address AND b.source = n.source AND masklen(b.prefix) > n.bits
       AND b.ended_at IS NULL AND b.confirmed_at < n.at
    RETURNING b.prefix
)
INSERT INTO domain_changes (kind, name) SELECT 'network', prefix FROM ended
