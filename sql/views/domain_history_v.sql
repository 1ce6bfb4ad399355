CREATE OR REPLACE VIEW domain_history_v AS
SELECT o.subject AS domain,
       o.asked_at AS changed_at,
       o.before_at AS held_until,
       o.source,
       f.field,
       printable(f.before) AS before,
       printable(f.after) AS after,
       printable(o.server) AS server
  FROM (SELECT o.subject, o.source, o.server, o.asked_at, o.outcome, o.parsed,
               lag(o.outcome) OVER w AS was_outcome, lag(o.parsed) OVER w AS was, lag(o.confirmed_at) OVER w AS before_at
          FROM observations o
         WHERE o.kind = 'domain' AND o.outcome IN ('answered', 'none')
        WINDOW w AS (PARTITION BY o.subject, o.source ORDER BY o.asked_at, o.server)) AS o
 CROSS JOIN LATERAL (VALUES
       ('state', CASE o.was_outcome WHEN 'answered' THEN 'there' ELSE o.was_outcome END, CASE o.outcome WHEN 'answered' THEN 'there' ELSE o.outcome END),
       ('registrar', coalesce(o.was #>> '{registrar,key}', o.was #>> '{registrar,name}'), coalesce(o.parsed #>> '{registrar,key}', o.parsed #>> '{registrar,name}')),
       ('registrant_name', o.was #>> '{registrant,name}', o.parsed #>> '{registrant,name}'),
       ('registrant_org', o.was #>> '{registrant,organization}', o.parsed #>> '{registrant,organization}'),
       ('registrant_email', lower(o.was #>> '{registrant,email}'), lower(o.parsed #>> '{registrant,email}')),
       ('registrant_phone', o.was #>> '{registrant,phone}', o.parsed #>> '{registrant,phone}'),
       ('registrant_country', o.was #>> '{registrant,country}', o.parsed #>> '{registrant,country}'),
       ('created', o.was ->> 'created', o.parsed ->> 'created'),
       ('updated', o.was ->> 'updated', o.parsed ->> 'updated'),
       ('expires', o.was ->> 'expires', o.parsed ->> 'expires'),
       ('privacy', o.was ->> 'privacy', o.parsed ->> 'privacy'),
       ('name_servers', (SELECT string_agg(x #>> '{}', ' ' ORDER BY x #>> '{}') FROM jsonb_path_query(coalesce(o.was -> 'name_servers', '[]') || coalesce(o.was -> 'ns', '[]'), '$[*].host') AS x),
                        (SELECT string_agg(x #>> '{}', ' ' ORDER BY x #>> '{}') FROM jsonb_path_query(coalesce(o.parsed -> 'name_servers', '[]') || coalesce(o.parsed -> 'ns', '[]'), '$[*].host') AS x)),
       ('status', (SELECT string_agg(x #>> '{}', ' ' ORDER BY x #>> '{}') FROM jsonb_path_query(o.was, '$.status[*]') AS x),
                  (SELECT string_agg(x #>> '{}', ' ' ORDER BY x #>> '{}') FROM jsonb_path_query(o.parsed, '$.status[*]') AS x)),
       ('addresses', (SELECT string_agg(x #>> '{}', ' ' ORDER BY x #>> '{}') FROM jsonb_array_elements(coalesce(o.was -> 'a', '[]') || coalesce(o.was -> 'aaaa', '[]')) AS x),
                     (SELECT string_agg(x #>> '{}', ' ' ORDER BY x #>> '{}') FROM jsonb_array_elements(coalesce(o.parsed -> 'a', '[]') || coalesce(o.parsed -> 'aaaa', '[]')) AS x)),
       ('mail_exchangers', (SELECT string_agg(x #>> '{}', ' ' ORDER BY x #>> '{}') FROM jsonb_path_query(o.was, '$.mx[*].host') AS x),
                           (SELECT string_agg(x #>> '{}', ' ' ORDER BY x #>> '{}') FROM jsonb_path_query(o.parsed, '$.mx[*].host') AS x))
       ) AS f (field, before, after)
 WHERE o.was_outcome IS NOT NULL AND f.before IS DISTINCT FROM f.after;

COMMENT ON VIEW domain_history_v IS 'One row per change of a field of a domain between two answers of one source. The first answer is no change.';
COMMENT ON COLUMN domain_history_v.domain IS 'The domain.';
COMMENT ON COLUMN domain_history_v.changed_at IS 'When it was first answered differently.';
COMMENT ON COLUMN domain_history_v.held_until IS 'When the former answer was last given: the change came in between.';
COMMENT ON COLUMN domain_history_v.source IS 'Source of the change: rdap, whois, whois-registrar, dns.';
COMMENT ON COLUMN domain_history_v.field IS 'The changed field: state (there, none), registrar, registrant_name, ..., created, expires, name_servers, addresses, mail_exchangers, status.';
COMMENT ON COLUMN domain_history_v.before IS 'Value before the change; NULL for none. Lists are sorted, with a space between.';
COMMENT ON COLUMN domain_history_v.after IS 'Value after the change.';
COMMENT ON COLUMN domain_history_v.server IS 'The server that gave the new answer.';
