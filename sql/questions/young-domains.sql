-- Which domains were only just registered when mail first linked to them?
-- days integer 7: days before the newest mail
-- age integer 14: days from registration to the first mail, at most
SELECT domain, created, first_mail, messages, registrar, registrant_email, name_servers
  FROM domains_v
 WHERE first_mail > :newest - make_interval(days => :days)
   AND created BETWEEN first_mail - make_interval(days => :age) AND first_mail + interval '1 day'
 ORDER BY messages DESC, domain
 LIMIT 50
