-- Who registered a domain, when, and where does it point?
-- domain text shop.example: a registered domain
SELECT d.domain, d.state, d.created, d.registrar, d.registrant_name, d.registrant_org, d.registrant_email, d.registrant_phone, d.name_servers, d.addresses, d.owners, d.messages, d.first_mail, d.last_mail
  FROM domains_v d
 WHERE d.domain = :domain
