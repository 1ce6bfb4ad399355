-- Last known registration of the domains $1 (NULL: of all). A domain that was registered again after its last mail has
-- the registration at the time of that mail: the new registrant sent none of it.
SELECT domain AS name, coalesce(registrant_name, '') AS registrant_name, coalesce(registrant_org, '') AS registrant_org,
       coalesce(registrant_email, '') AS registrant_email, coalesce(registrant_phone, '') AS registrant_phone,
       coalesce(registrant_handle, '') AS handle, coalesce(registrar_key, registrar, '') AS registrar,
       privacy IS NOT NULL AS privacy, coalesce(created, '0001-01-01 00:00:00Z') AS created, name_servers
FROM (
    SELECT domain, registrant_name, registrant_org, registrant_email, registrant_phone, registrant_handle,
           registrar_key, registrar, privacy, created, name_servers
    FROM domains
    WHERE ($1::text[] IS NULL OR domain = ANY ($1)) AND looked_up_at IS NOT NULL AND (created > last_mail + interval '1 day') IS NOT TRUE
    UNION ALL
    SELECT r.domain, r.registrant_name, r.registrant_org, r.registrant_email, r.registrant_phone, r.registrant_handle,
           r.registrar_key, r.registrar, r.privacy, r.created, r.name_servers
    FROM domains d
    CROSS JOIN LATERAL registration_known(d.domain, d.last_mail, true) AS r
    WHERE ($1 IS NULL OR d.domain = ANY ($1)) AND d.looked_up_at IS NOT NULL AND d.created > d.last_mail + interval '1 day'
) AS lives
ORDER BY domain COLLATE "C"
