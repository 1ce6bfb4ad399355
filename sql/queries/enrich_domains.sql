-- Text is stored as views show it, so that an index finds it; the answers keep the original.
INSERT INTO domains AS d (domain, state, looked_up_at, registrar, registrar_key, registrar_iana_id, registrant_name, registrant_org,
       registrant_email, registrant_phone, registrant_country, registrant_address, registrant_handle, created, updated, expires,
       name_servers, status, privacy, redacted, redacted_fields, oddities, conflicts, sources)
SELECT r.domain, r.state, r.looked_up_at, printable(r.registrar), printable(r.registrar_key), r.registrar_iana_id, printable(r.registrant_name),
       printable(r.registrant_org), printable(r.registrant_email), printable(r.registrant_phone), printable(r.registrant_country),
       printable(r.registrant_address), printable(r.registrant_handle), r.created, r.updated, r.expires, printable(r.name_servers),
       printable(r.status), printable(r.privacy), r.redacted, printable(r.redacted_fields), printable(r.oddities), printable(r.conflicts), r.sources
  FROM unnest($1::text[]) AS n (name) CROSS JOIN LATERAL registration_known(n.name, 'infinity', true) AS r
ON CONFLICT (domain) DO UPDATE
   SET (state, looked_up_at, registrar, registrar_key, registrar_iana_id, registrant_name, registrant_org,
       registrant_email, registrant_phone, registrant_country, registrant_address, registrant_handle, created, updated, expires,
       name_servers, status, privacy, redacted, redacted_fields, oddities, conflicts, sources)
     = (excluded.state, excluded.looked_up_at, excluded.registrar, excluded.registrar_key, excluded.registrar_iana_id,
       excluded.registrant_name, excluded.registrant_org, excluded.registrant_email, excluded.registrant_phone,
       excluded.registrant_country, excluded.registrant_address, excluded.registrant_handle, excluded.created, excluded.updated,
       excluded.expires, excluded.name_servers, excluded.status, excluded.privacy, excluded.redacted, excluded.redacted_fields,
       excluded.oddities, excluded.conflicts, excluded.sources)
