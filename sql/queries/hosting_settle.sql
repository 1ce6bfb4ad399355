-- Works out domain_hosting for the domains that up to $1 changes concern, and counts the changes.
WITH due AS (
    DELETE FROM domain_changes WHERE ctid = ANY (ARRAY(SELECT ctid FROM domain_changes LIMIT $1)) RETURNING kind, name
), networks AS MATERIALIZED (
    SELECT DISTINCT CASE kind WHEN 'network' THEN name::cidr END AS prefix FROM due WHERE kind = 'network'
), servers AS MATERIALIZED (
    SELECT name AS host FROM due WHERE kind = 'name server'
    UNION SELECT s.host FROM networks n JOIN name_servers s ON EXISTS (SELECT FROM unnest(s.addresses) AS a (address) WHERE a.address <<= n.prefix)
), changed AS MATERIALIZED (
    SELECT name FROM due WHERE kind = 'name'
    UNION SELECT v.subject
      FROM networks n
      JOIN observed_values v ON v.field = 'address' AND v.value::inet BETWEEN host(n.prefix)::inet AND host(broadcast(n.prefix))::inet
     WHERE v.source = 'dns' AND v.until IS NULL
), names AS MATERIALIZED (
    SELECT name FROM changed
    UNION SELECT l.domain FROM changed c JOIN lookups l ON l.name = c.name WHERE l.task = 'names' AND l.domain IS NOT NULL
    UNION SELECT d.domain FROM servers s JOIN domains d ON d.name_servers @> ARRAY[s.host]
), fresh AS MATERIALIZED (
    SELECT * FROM hosting_of(ARRAY(SELECT name FROM names))
), gone AS (
    DELETE FROM domain_hosting WHERE domain = ANY (ARRAY(SELECT name FROM names EXCEPT SELECT domain FROM fresh))
), put AS (
    INSERT INTO domain_hosting AS h
    SELECT * FROM fresh
    ON CONFLICT (domain) DO UPDATE
       SET (age_at_first_mail, addresses, netblocks, owners, countries, asns, name_server_addresses, name_server_netblocks, name_server_owners,
            mail_exchangers, registrar_abuse_email, registrar_abuse_phone)
         = (excluded.age_at_first_mail, excluded.addresses, excluded.netblocks, excluded.owners, excluded.countries, excluded.asns,
            excluded.name_server_addresses, excluded.name_server_netblocks, excluded.name_server_owners,
            excluded.mail_exchangers, excluded.registrar_abuse_email, excluded.registrar_abuse_phone)
     WHERE h IS DISTINCT FROM excluded
)
SELECT count(*) FROM due
