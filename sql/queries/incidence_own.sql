-- Our own servers, networks and domains, from settings and imports. Settings replace inferred values.
WITH said AS (
    SELECT coalesce(array_agg(split_part(pattern, '=', 1)) FILTER (WHERE kind <> 'domain'), '{}') AS servers,
           coalesce(bool_or(kind <> 'exchanger'), false) AS explicit,
           coalesce(array_agg(lower(pattern)) FILTER (WHERE kind = 'domain'), '{}') || array(SELECT value FROM own_addresses WHERE kind = 'domain') AS domains
    FROM own_servers
)
SELECT s.servers || array(SELECT DISTINCT p FROM imports i, unnest(i.own_names || i.own_addrs::text[]) AS p WHERE NOT (s.explicit AND i.own_inferred)) AS servers, s.domains
FROM said s
