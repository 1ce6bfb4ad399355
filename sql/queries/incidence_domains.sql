-- What registries said of domains, as last answered; of one that is gone what they said before.
SELECT domain AS name, coalesce(registrant_name, '') AS registrant_name, coalesce(registrant_org, '') AS registrant_org,
       coalesce(registrant_email, '') AS registrant_email, coalesce(registrant_phone, '') AS registrant_phone,
       coalesce(registrant_handle, '') AS handle, coalesce(registrar_key, registrar, '') AS registrar,
       privacy IS NOT NULL AS privacy, coalesce(created, '0001-01-01 00:00:00Z') AS created, name_servers
FROM domains
WHERE looked_up_at IS NOT NULL
ORDER BY domain COLLATE "C"
