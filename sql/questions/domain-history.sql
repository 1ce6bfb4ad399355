-- What changed at a domain, and when was it seen?
-- domain text shop.example: a registered domain
SELECT changed_at, held_until, source, field, before, after
  FROM domain_history_v
 WHERE domain = :domain
 ORDER BY changed_at, source, field
