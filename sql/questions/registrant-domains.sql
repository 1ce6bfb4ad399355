-- Which domains, and which campaigns, have a registrant's e-mail address, phone number or name?
-- value text owner@mail.example: e-mail address in lower case, phone number as +12025550100, name, organisation or street
SELECT field, domain, first_seen, until, campaigns
  FROM registrants_v
 WHERE value = :value
 ORDER BY first_seen, domain
 LIMIT 200
