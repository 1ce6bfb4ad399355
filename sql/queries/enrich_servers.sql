-- The $1 servers with most queries, those in a back-off first.
SELECT server, asked, coalesce(asked_at, '0001-01-01 00:00:00Z') AS asked_at,
       coalesce(backed_until, '0001-01-01 00:00:00Z') AS backed_until, backed_offs, coalesce(reason, '') AS reason,
       coalesce(backed_until > coalesce($2::timestamptz, now()), false) AS left_alone
  FROM servers
 ORDER BY left_alone DESC, asked DESC, server
 LIMIT $1
