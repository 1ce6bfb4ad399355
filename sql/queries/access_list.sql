-- Logins in the role $1, without $3: whether each is in the role $2 and has the comment $4.
SELECT l.rolname AS name,
       EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                WHERE m.member = l.oid AND g.rolname = $2) AS raw,
       coalesce(shobj_description(l.oid, 'pg_authid') = $4, false) AS ours
  FROM pg_roles l
 WHERE l.rolname <> $3
   AND EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                WHERE m.member = l.oid AND g.rolname = $1)
 ORDER BY l.rolname
