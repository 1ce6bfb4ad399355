-- Last conclusive and last other observation of each server, and the last conclusive one of each
-- source.
SELECT w.which, k.subject, k.kind, k.source, k.server, w.asked_at, w.confirmed_at, w.content_hash
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS k (subject, kind, source, server)
 CROSS JOIN LATERAL (
       (SELECT 'conclusive' AS which, o.asked_at, o.confirmed_at, o.content_hash FROM observations o
         WHERE o.subject = k.subject AND o.kind = k.kind AND o.source = k.source AND o.server = k.server
           AND o.outcome IN ('answered', 'none')
         ORDER BY o.asked_at DESC LIMIT 1)
       UNION ALL
       (SELECT 'attempt', o.asked_at, o.confirmed_at, o.content_hash FROM observations o
         WHERE o.subject = k.subject AND o.kind = k.kind AND o.source = k.source AND o.server = k.server
           AND o.outcome NOT IN ('answered', 'none')
         ORDER BY o.asked_at DESC LIMIT 1)
       UNION ALL
       (SELECT 'current', o.asked_at, o.confirmed_at, o.content_hash FROM observations o
         WHERE o.subject = k.subject AND o.kind = k.kind AND o.source = k.source
           AND o.outcome IN ('answered', 'none')
         ORDER BY o.confirmed_at DESC, o.asked_at DESC LIMIT 1)) AS w
