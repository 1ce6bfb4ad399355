-- Which domains did a name server serve, and when?
-- server text ns1.pool.example: host name of the name server
SELECT n.domain, n.first_seen, n.until, d.created, d.registrar, d.messages, d.first_mail
  FROM nameserver_domains_v n
  LEFT JOIN domains_v d USING (domain)
 WHERE n.name_server = :server
 ORDER BY n.first_seen DESC, n.domain
 LIMIT 200
