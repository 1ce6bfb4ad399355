-- Whether the login $1 exists and is in the roles $2 and $3.
SELECT coalesce(bool_and(pg_has_role(l.rolname, g.name, 'MEMBER')), false)
  FROM pg_roles l, (VALUES ($2), ($3)) AS g (name)
 WHERE l.rolname = $1 AND EXISTS (SELECT FROM pg_roles r WHERE r.rolname = $2)
   AND EXISTS (SELECT FROM pg_roles r WHERE r.rolname = $3)
