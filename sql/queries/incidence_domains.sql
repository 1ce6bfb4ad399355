-- What registries said of domains, as last answered; of one that is gone what they said before.
SELECT domain, registrant_name, registrant_org, registrant_email, registrant_phone, registrant_handle,
       coalesce(registrar_key, registrar), privacy IS NOT NULL, created, name_servers
FROM domains
WHERE looked_up_at IS NOT NULL
ORDER BY domain COLLATE "C"
