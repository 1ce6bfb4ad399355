-- +goose Up

-- Observations: what the world says of domains, host names and addresses, and when.
--
-- observations and observed_values have their subject first in the primary key and can
-- be spread by it, domains by the domain, answers by their hash. netblocks, origins and
-- name_servers are small beside them and asked from everywhere: copied to every server.
-- The queue (lookups) and the limits (servers) stay on one.
--
-- What an answer said is never changed: an equal one only moves the end of the time
-- through which it is known to hold. The other tables are derived from observations and
-- make them quick to search.
--
-- A domain that RDAP, WHOIS and DNS answered for, with 36 values, takes 1.1 ms to store and
-- 0.5 to confirm. A quarter of the 1.1 goes into the values, and a quarter of that into
-- their index (BenchmarkFinish, with SPOOR_BENCH_DROP). In return "which domains have, or
-- had, this registrant, name server or address" is one look into an index.

CREATE TABLE observations (
    asked_at      timestamptz NOT NULL,
    confirmed_at  timestamptz NOT NULL,
    fresh_until   timestamptz NOT NULL,
    took          interval    NOT NULL CHECK (took >= '0'),
    confirmations integer     NOT NULL DEFAULT 0 CHECK (confirmations >= 0),
    kind          text        NOT NULL CHECK (kind IN ('domain', 'host', 'address')),
    subject       text        NOT NULL,
    source        text        NOT NULL,
    server        text        NOT NULL,
    outcome       text        NOT NULL CHECK (outcome IN ('answered', 'none', 'refused', 'throttled', 'timed out', 'malformed', 'guarded', 'failed')),
    detail        text,
    content_hash  bytea       NOT NULL,
    answer_hash   bytea,
    parsed        jsonb,
    PRIMARY KEY (subject, kind, source, server, asked_at),
    CHECK (confirmed_at >= asked_at)
);
CREATE INDEX observations_asked_at ON observations USING brin (asked_at);
COMMENT ON TABLE observations IS 'One row per answer, or failure to get one, that differs from the one before. Appended only: an equal answer moves confirmed_at and fresh_until, and nothing else.';
COMMENT ON COLUMN observations.asked_at IS 'When it was asked and first answered so.';
COMMENT ON COLUMN observations.confirmed_at IS 'When it was last answered so: from asked_at until then the answer is known to hold.';
COMMENT ON COLUMN observations.fresh_until IS 'Until then the answer need not be asked for again.';
COMMENT ON COLUMN observations.took IS 'How long the first answer took.';
COMMENT ON COLUMN observations.confirmations IS 'How many later answers were equal.';
COMMENT ON COLUMN observations.kind IS 'domain, host or address.';
COMMENT ON COLUMN observations.subject IS 'What was asked about: a name in ASCII and lower case, or an address.';
COMMENT ON COLUMN observations.source IS 'By what protocol and from whose books: whois, whois-registrar, rdap, dns, ptr, origin, whois-ip, rdap-ip, table.';
COMMENT ON COLUMN observations.server IS 'Who was asked: host:port, URL, or the name of a table; "-" where it is not known.';
COMMENT ON COLUMN observations.outcome IS 'answered; none: there is no such thing; refused, throttled, timed out, failed: no answer; malformed: no answer that can be read; guarded: not asked, because the server must not be.';
COMMENT ON COLUMN observations.detail IS 'Why, where it was not answered.';
COMMENT ON COLUMN observations.content_hash IS 'Hash of what counts in the answer: order, serial numbers and times to live do not.';
COMMENT ON COLUMN observations.answer_hash IS 'The answer as it came (answers.answer_hash); NULL if there was none.';
COMMENT ON COLUMN observations.parsed IS 'What was read from the answer; NULL if nothing could be.';

CREATE TABLE answers (
    answer_hash bytea   PRIMARY KEY CHECK (octet_length(answer_hash) = 32),
    size        integer NOT NULL CHECK (size >= 0),
    data        bytea   NOT NULL
);
-- It is compressed already.
ALTER TABLE answers ALTER data SET STORAGE EXTERNAL;
COMMENT ON TABLE answers IS 'One row per distinct answer as it came; observations of the same bytes share it.';
COMMENT ON COLUMN answers.answer_hash IS 'SHA-256 of the answer.';
COMMENT ON COLUMN answers.size IS 'Its bytes.';
COMMENT ON COLUMN answers.data IS 'The answer, byte for byte, compressed by zstd.';

CREATE TABLE observed_values (
    since   timestamptz NOT NULL,
    until   timestamptz,
    subject text NOT NULL,
    source  text NOT NULL,
    field   text NOT NULL,
    value   text NOT NULL,
    PRIMARY KEY (subject, source, field, value)
);
CREATE INDEX observed_values_value ON observed_values (value, field);
COMMENT ON TABLE observed_values IS 'One row per value that a source ever gave for a subject: the way from a registrant, name server or address to all that have it.';
COMMENT ON COLUMN observed_values.since IS 'When it was first observed.';
COMMENT ON COLUMN observed_values.until IS 'When an answer first came without it; NULL while the last answer has it.';
COMMENT ON COLUMN observed_values.subject IS 'What it was observed of (observations.subject).';
COMMENT ON COLUMN observed_values.source IS 'Who said so (observations.source).';
COMMENT ON COLUMN observed_values.field IS 'registrar, registrant.name, registrant.organization, registrant.email, registrant.phone, registrant.handle, ns, address, mx, cname, ptr, netblock, owner, asn, ...';
COMMENT ON COLUMN observed_values.value IS 'The value; e-mail addresses and host names in lower case, phone numbers in E.164 where known.';

CREATE TABLE domains (
    messages            bigint NOT NULL DEFAULT 0,
    ham                 bigint NOT NULL DEFAULT 0,
    first_mail          timestamptz,
    last_mail           timestamptz,
    looked_up_at        timestamptz,
    created             timestamptz,
    updated             timestamptz,
    expires             timestamptz,
    registrar_iana_id   integer,
    redacted            boolean,
    domain              text PRIMARY KEY,
    state               text CHECK (state IN ('registered', 'gone', 'none')),
    registrar           text,
    registrar_key       text,
    registrant_name     text,
    registrant_org      text,
    registrant_email    text,
    registrant_phone    text,
    registrant_country  text,
    registrant_address  text,
    registrant_handle   text,
    privacy             text,
    name_servers        text[],
    status              text[],
    redacted_fields     text[],
    oddities            text[],
    conflicts           text[],
    sources             text[]
);
CREATE INDEX domains_registrant_email ON domains (registrant_email) WHERE registrant_email IS NOT NULL;
CREATE INDEX domains_registrar_key ON domains (registrar_key) WHERE registrar_key IS NOT NULL;
CREATE INDEX domains_created ON domains (created) WHERE created IS NOT NULL;
CREATE INDEX domains_name_servers ON domains USING gin (name_servers);
COMMENT ON TABLE domains IS 'One row per registered domain that mail names or that was asked about: its mail, and its registration as last answered. Derived; people read domains_v.';
COMMENT ON COLUMN domains.messages IS 'Messages that have a link to it, ham included; as of the last time the queue was filled.';
COMMENT ON COLUMN domains.ham IS 'Of these, wanted mail.';
COMMENT ON COLUMN domains.first_mail IS 'When our own servers took the first of them.';
COMMENT ON COLUMN domains.last_mail IS 'When our own servers took the last of them.';
COMMENT ON COLUMN domains.looked_up_at IS 'When a registry or registrar last answered.';
COMMENT ON COLUMN domains.created IS 'When it was registered.';
COMMENT ON COLUMN domains.updated IS 'When its registration was last changed.';
COMMENT ON COLUMN domains.expires IS 'When its registration ends.';
COMMENT ON COLUMN domains.registrar_iana_id IS 'Number of the registrar at IANA.';
COMMENT ON COLUMN domains.redacted IS 'Whether the registrant is hidden, by the registry or by a privacy service.';
COMMENT ON COLUMN domains.domain IS 'The domain, in ASCII and lower case.';
COMMENT ON COLUMN domains.state IS 'registered; gone: it was, and is no more; none: it is not; NULL: nobody answered yet.';
COMMENT ON COLUMN domains.registrar IS 'The registrar, as written.';
COMMENT ON COLUMN domains.registrar_key IS 'The registrar, by its one normal name.';
COMMENT ON COLUMN domains.registrant_name IS 'Name of the registrant.';
COMMENT ON COLUMN domains.registrant_org IS 'Organisation of the registrant.';
COMMENT ON COLUMN domains.registrant_email IS 'E-mail address of the registrant, in lower case.';
COMMENT ON COLUMN domains.registrant_phone IS 'Phone number of the registrant, in E.164 where that can be told.';
COMMENT ON COLUMN domains.registrant_country IS 'Country of the registrant, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN domains.registrant_address IS 'Street, city, region and postal code of the registrant.';
COMMENT ON COLUMN domains.registrant_handle IS 'The registrant''s handle at the registry or registrar.';
COMMENT ON COLUMN domains.privacy IS 'Privacy service that stands in for the registrant.';
COMMENT ON COLUMN domains.name_servers IS 'Its name servers by the registry, or where that tells none, by DNS.';
COMMENT ON COLUMN domains.status IS 'Status codes, as EPP names them.';
COMMENT ON COLUMN domains.redacted_fields IS 'Which fields are hidden.';
COMMENT ON COLUMN domains.oddities IS 'Codes of what is odd about the registration.';
COMMENT ON COLUMN domains.conflicts IS 'Fields in which two sources that were asked together disagree.';
COMMENT ON COLUMN domains.sources IS 'Sources that the fields are from.';

CREATE TABLE name_servers (
    asked_at  timestamptz NOT NULL,
    host      text PRIMARY KEY,
    addresses inet[] NOT NULL
);
CREATE INDEX name_servers_addresses ON name_servers USING gin (addresses);
COMMENT ON TABLE name_servers IS 'One row per name server of a domain: its addresses as last found. People read nameservers_v.';
COMMENT ON COLUMN name_servers.asked_at IS 'When it was first found at just these addresses.';
COMMENT ON COLUMN name_servers.host IS 'Its name.';
COMMENT ON COLUMN name_servers.addresses IS 'Its addresses.';

CREATE TABLE netblocks (
    asked_at     timestamptz NOT NULL,
    confirmed_at timestamptz NOT NULL CHECK (confirmed_at >= asked_at),
    fresh_until  timestamptz NOT NULL,
    ended_at     timestamptz,
    created      timestamptz,
    updated      timestamptz,
    prefix       cidr NOT NULL,
    first        inet NOT NULL,
    last         inet NOT NULL CHECK (last >= first),
    source       text NOT NULL,
    server       text NOT NULL,
    handle       text,
    name         text,
    owner        text,
    country      text,
    registry     text,
    status       text,
    abuse_email  text,
    content_hash bytea NOT NULL,
    PRIMARY KEY (prefix, source, asked_at)
);
CREATE INDEX netblocks_prefix ON netblocks USING gist (prefix inet_ops);
COMMENT ON TABLE netblocks IS 'One row per prefix of a netblock and answer about it that differs from the one before. People read netblocks_v.';
COMMENT ON COLUMN netblocks.asked_at IS 'When it was first answered so.';
COMMENT ON COLUMN netblocks.confirmed_at IS 'When it was last answered so.';
COMMENT ON COLUMN netblocks.fresh_until IS 'Until then no address inside needs to be asked about.';
COMMENT ON COLUMN netblocks.ended_at IS 'When the registry answered for an address inside with a wider block instead; NULL while it stands.';
COMMENT ON COLUMN netblocks.created IS 'When the block was given out, by the registry.';
COMMENT ON COLUMN netblocks.updated IS 'When its entry was last changed.';
COMMENT ON COLUMN netblocks.prefix IS 'A prefix of the block; a block that is no prefix has several rows.';
COMMENT ON COLUMN netblocks.first IS 'First address of the whole block.';
COMMENT ON COLUMN netblocks.last IS 'Last address of the whole block.';
COMMENT ON COLUMN netblocks.source IS 'Who said so (observations.source).';
COMMENT ON COLUMN netblocks.server IS 'Who was asked.';
COMMENT ON COLUMN netblocks.handle IS 'The registry''s name of the entry.';
COMMENT ON COLUMN netblocks.name IS 'Name of the block.';
COMMENT ON COLUMN netblocks.owner IS 'Who holds it.';
COMMENT ON COLUMN netblocks.country IS 'Country, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN netblocks.registry IS 'Registry that gave it out: ripe, arin, apnic, lacnic, afrinic, jpnic, krnic, ...';
COMMENT ON COLUMN netblocks.status IS 'Kind of assignment, in the registry''s words.';
COMMENT ON COLUMN netblocks.abuse_email IS 'Where abuse is to be reported.';
COMMENT ON COLUMN netblocks.content_hash IS 'Hash of what counts in the entry.';

CREATE TABLE origins (
    asked_at     timestamptz NOT NULL,
    confirmed_at timestamptz NOT NULL CHECK (confirmed_at >= asked_at),
    fresh_until  timestamptz NOT NULL,
    prefix       cidr NOT NULL,
    source       text NOT NULL,
    country      text,
    registry     text,
    asns         bigint[] NOT NULL,
    names        text[],
    content_hash bytea NOT NULL,
    PRIMARY KEY (prefix, source, asked_at)
);
CREATE INDEX origins_prefix ON origins USING gist (prefix inet_ops);
COMMENT ON TABLE origins IS 'One row per announced prefix and answer about its origin that differs from the one before.';
COMMENT ON COLUMN origins.asked_at IS 'When it was first answered so.';
COMMENT ON COLUMN origins.confirmed_at IS 'When it was last answered so.';
COMMENT ON COLUMN origins.fresh_until IS 'Until then it need not be asked for again.';
COMMENT ON COLUMN origins.prefix IS 'The prefix as announced.';
COMMENT ON COLUMN origins.source IS 'Who said so (observations.source).';
COMMENT ON COLUMN origins.country IS 'Country of the prefix by its registry.';
COMMENT ON COLUMN origins.registry IS 'Registry of the prefix.';
COMMENT ON COLUMN origins.asns IS 'Numbers of the autonomous systems that announce it.';
COMMENT ON COLUMN origins.names IS 'Names of these, in their order; empty where not known.';
COMMENT ON COLUMN origins.content_hash IS 'Hash of what counts in the answer.';

-- A task is ready, or it waits: for its due time, or, while somebody works on it, for the
-- end of the lease. So the claim reads the best of the ready ones from the front of an
-- index, however many are done.
CREATE TABLE lookups (
    wake_at     timestamptz NOT NULL,
    lease_until timestamptz,
    fresh_until timestamptz,
    asked_at    timestamptz,
    last_mail   timestamptz,
    messages    bigint  NOT NULL DEFAULT 0,
    priority    real    NOT NULL,
    attempts    integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    ready       boolean NOT NULL,
    address     inet,
    task        text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('domain', 'host', 'address')),
    name        text NOT NULL,
    lane        text NOT NULL,
    domain      text,
    leased_by   text,
    outcome     text,
    PRIMARY KEY (name, kind, task),
    CHECK ((lease_until IS NULL) = (leased_by IS NULL)),
    CHECK ((kind = 'address') = (address IS NOT NULL)),
    CHECK (NOT (ready AND leased_by IS NOT NULL))
);
-- Rows change with every claim: room for the new version beside the old one.
ALTER TABLE lookups SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX lookups_ready ON lookups (lane, priority DESC) WHERE ready;
CREATE INDEX lookups_waiting ON lookups (wake_at) WHERE NOT ready;
CREATE INDEX lookups_leased ON lookups (lane) WHERE leased_by IS NOT NULL;
CREATE INDEX lookups_domain ON lookups (domain) WHERE domain IS NOT NULL;
CREATE INDEX lookups_address ON lookups (address) WHERE task = 'netblock';
COMMENT ON TABLE lookups IS 'One row per thing to be found out about a domain, host name or address: the queue. People read lookups_v.';
COMMENT ON COLUMN lookups.wake_at IS 'When it may be claimed again: its due time, or the end of its lease.';
COMMENT ON COLUMN lookups.lease_until IS 'Until then somebody works on it; NULL if nobody does.';
COMMENT ON COLUMN lookups.fresh_until IS 'Until then its answers need not be asked for again; NULL if there are none.';
COMMENT ON COLUMN lookups.asked_at IS 'When it was last asked.';
COMMENT ON COLUMN lookups.last_mail IS 'Newest message that names it.';
COMMENT ON COLUMN lookups.messages IS 'Messages that name it.';
COMMENT ON COLUMN lookups.priority IS 'What the answer would tell; the highest goes first.';
COMMENT ON COLUMN lookups.attempts IS 'Failed attempts since the last answer.';
COMMENT ON COLUMN lookups.ready IS 'It is due and nobody works on it.';
COMMENT ON COLUMN lookups.address IS 'The name, where that is an address.';
COMMENT ON COLUMN lookups.task IS 'What to find out: registration, names, reverse, netblock.';
COMMENT ON COLUMN lookups.kind IS 'domain, host or address.';
COMMENT ON COLUMN lookups.name IS 'About what.';
COMMENT ON COLUMN lookups.lane IS 'What mostly shares a server: the top-level domain, dns, addresses.';
COMMENT ON COLUMN lookups.domain IS 'Registered domain of a host.';
COMMENT ON COLUMN lookups.leased_by IS 'Who works on it: machine, process and a number.';
COMMENT ON COLUMN lookups.outcome IS 'Outcome of the last attempt.';

CREATE TABLE servers (
    next_at      timestamptz NOT NULL,
    asked_at     timestamptz,
    backed_until timestamptz,
    backed_at    timestamptz,
    asked        bigint  NOT NULL DEFAULT 0,
    backed_offs  bigint  NOT NULL DEFAULT 0,
    server       text PRIMARY KEY,
    reason       text
);
ALTER TABLE servers SET (fillfactor = 20, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);
COMMENT ON TABLE servers IS 'One row per server that was ever asked: when it may be asked next, by all processes together. People read servers_v.';
COMMENT ON COLUMN servers.next_at IS 'Earliest time of the next question that nobody has reserved.';
COMMENT ON COLUMN servers.asked_at IS 'When questions were last reserved.';
COMMENT ON COLUMN servers.backed_until IS 'Until then it is left alone; NULL if it never was.';
COMMENT ON COLUMN servers.backed_at IS 'When that was last decided.';
COMMENT ON COLUMN servers.asked IS 'Questions reserved.';
COMMENT ON COLUMN servers.backed_offs IS 'How often it had to be left alone.';
COMMENT ON COLUMN servers.server IS 'The server, host:port.';
COMMENT ON COLUMN servers.reason IS 'Why it was last left alone.';

-- +goose StatementBegin
CREATE FUNCTION registration_known(of_domain text, t timestamptz, past boolean)
RETURNS TABLE (
    domain text, state text, looked_up_at timestamptz,
    registrar text, registrar_key text, registrar_iana_id integer,
    registrant_name text, registrant_org text, registrant_email text, registrant_phone text,
    registrant_country text, registrant_address text, registrant_handle text,
    created timestamptz, updated timestamptz, expires timestamptz,
    name_servers text[], status text[], privacy text, redacted boolean, redacted_fields text[],
    oddities text[], conflicts text[], sources text[])
LANGUAGE sql STABLE AS $$
WITH final AS (
    SELECT o.source, o.outcome, o.parsed, o.asked_at, least(o.confirmed_at, t) AS at
      FROM observations o
     WHERE o.subject = of_domain AND o.kind = 'domain' AND o.source IN ('rdap', 'whois', 'whois-registrar')
       AND o.outcome IN ('answered', 'none') AND o.asked_at <= t
), verdict AS (
    -- A registrar may forget what the registry still has; only the registry's "none" counts.
    SELECT max(at) AS at,
           max(at) FILTER (WHERE outcome = 'answered') AS answered,
           max(at) FILTER (WHERE outcome = 'none' AND source <> 'whois-registrar') AS none
      FROM final
), state AS (
    SELECT v.*, CASE WHEN v.answered IS NULL THEN 'none'
                     WHEN v.none > v.answered + interval '1 hour' THEN 'gone'
                     ELSE 'registered' END AS state
      FROM verdict v
     WHERE v.at IS NOT NULL
), said AS (
    -- What was asked long before the newest answer does not fill its gaps.
    SELECT DISTINCT ON (f.source) f.source, f.parsed AS p,
           CASE f.source WHEN 'rdap' THEN 1 WHEN 'whois' THEN 2 ELSE 3 END AS n
      FROM final f, state s
     WHERE f.outcome = 'answered' AND jsonb_typeof(f.parsed) = 'object' AND f.at > s.answered - interval '7 days'
       AND (past OR s.state = 'registered')
     ORDER BY f.source, f.at DESC, f.asked_at DESC
), three AS (
    SELECT coalesce((array_agg(p) FILTER (WHERE n = 1))[1], '{}') AS r,
           coalesce((array_agg(p) FILTER (WHERE n = 2))[1], '{}') AS w,
           coalesce((array_agg(p) FILTER (WHERE n = 3))[1], '{}') AS g
      FROM said
), merged AS (
    -- The registry knows best when and where a domain is registered, the registrar to whom.
    SELECT g || w || r AS d,
           coalesce(g -> 'registrar', '{}') || coalesce(w -> 'registrar', '{}') || coalesce(r -> 'registrar', '{}') AS rr,
           coalesce(w -> 'registrant', '{}') || coalesce(g -> 'registrant', '{}') || coalesce(r -> 'registrant', '{}') AS who
      FROM three
), hidden AS (
    SELECT array_agg(DISTINCT left(x.field, 100) ORDER BY left(x.field, 100)) AS fields
      FROM said, merged m, jsonb_array_elements_text(CASE jsonb_typeof(p -> 'redacted') WHEN 'array' THEN p -> 'redacted' ELSE '[]' END) AS x (field)
     WHERE NOT (x.field LIKE 'registrant.%' AND m.who ? substr(x.field, 12))
), differing AS (
    SELECT array_agg(DISTINCT c.field ORDER BY c.field) AS fields
      FROM said a JOIN said b ON a.n < b.n
      CROSS JOIN LATERAL (VALUES
           ('registrar', lower(coalesce(a.p #>> '{registrar,key}', a.p #>> '{registrar,name}')) <> lower(coalesce(b.p #>> '{registrar,key}', b.p #>> '{registrar,name}'))),
           ('registrant_name', lower(a.p #>> '{registrant,name}') <> lower(b.p #>> '{registrant,name}')),
           ('registrant_org', lower(a.p #>> '{registrant,organization}') <> lower(b.p #>> '{registrant,organization}')),
           ('registrant_email', lower(a.p #>> '{registrant,email}') <> lower(b.p #>> '{registrant,email}')),
           ('registrant_phone', a.p #>> '{registrant,phone}' <> b.p #>> '{registrant,phone}'),
           ('registrant_country', a.p #>> '{registrant,country}' <> b.p #>> '{registrant,country}'),
           -- Books that keep days only, and those of other time zones, are a day apart at most.
           ('created', abs(extract(epoch FROM (a.p ->> 'created')::timestamptz - (b.p ->> 'created')::timestamptz)) > 86400),
           ('expires', abs(extract(epoch FROM (a.p ->> 'expires')::timestamptz - (b.p ->> 'expires')::timestamptz)) > 86400),
           -- A registrar has its own idea of the last change.
           ('updated', b.n = 2 AND abs(extract(epoch FROM (a.p ->> 'updated')::timestamptz - (b.p ->> 'updated')::timestamptz)) > 86400),
           ('name_servers', jsonb_path_query_array(a.p, '$.name_servers[*].host') <> '[]' AND jsonb_path_query_array(b.p, '$.name_servers[*].host') <> '[]'
               AND NOT (jsonb_path_query_array(a.p, '$.name_servers[*].host') @> jsonb_path_query_array(b.p, '$.name_servers[*].host')
                    AND jsonb_path_query_array(a.p, '$.name_servers[*].host') <@ jsonb_path_query_array(b.p, '$.name_servers[*].host')))
           ) AS c (field, differs)
     WHERE c.differs
)
SELECT of_domain, s.state, s.at,
       left(rr ->> 'name', 500), left(rr ->> 'key', 500), (rr ->> 'iana_id')::integer,
       left(who ->> 'name', 500), left(who ->> 'organization', 500), lower(left(who ->> 'email', 320)),
       left(coalesce(who ->> 'phone', who ->> 'phone_raw'), 100), left(who ->> 'country', 2),
       left(nullif(concat_ws(', ', (SELECT string_agg(x, ', ') FROM jsonb_array_elements_text(CASE jsonb_typeof(who -> 'street') WHEN 'array' THEN who -> 'street' ELSE '[]' END) AS x),
            who ->> 'city', who ->> 'region', who ->> 'postal_code'), ''), 500),
       left(who ->> 'handle', 200),
       (d ->> 'created')::timestamptz, (d ->> 'updated')::timestamptz, (d ->> 'expires')::timestamptz,
       coalesce((SELECT array_agg(DISTINCT left(x #>> '{}', 255)) FROM jsonb_path_query(d, '$.name_servers[*].host') AS x),
                (SELECT array_agg(DISTINCT left(x #>> '{}', 255))
                   FROM (SELECT o.parsed FROM observations o
                          WHERE o.subject = of_domain AND o.kind = 'domain' AND o.source = 'dns' AND o.outcome = 'answered' AND o.asked_at <= t
                            AND s.state = 'registered'
                          ORDER BY least(o.confirmed_at, t) DESC, o.asked_at DESC LIMIT 1) AS o,
                        jsonb_path_query(o.parsed, '$.ns[*].host') AS x)),
       (SELECT array_agg(left(x #>> '{}', 100)) FROM jsonb_path_query(d, '$.status[*]') AS x),
       left(d ->> 'privacy', 200),
       CASE WHEN d <> '{}' THEN d ? 'privacy' OR coalesce(array_to_string(h.fields, ' ') LIKE '%registrant%', false) END,
       h.fields,
       (SELECT array_agg(DISTINCT left(x #>> '{}', 100)) FROM said, jsonb_path_query(p, '$.oddities[*]') AS x),
       c.fields,
       (SELECT array_agg(source ORDER BY n) FROM said)
  FROM state s, merged, hidden h, differing c
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION registration_known(text, timestamptz, boolean) IS
'What registries and registrars had said of a domain by a time, merged: each field from the source that knows it best, among those answered within a week of the newest. With past, the last registration of a domain that is gone is given as well. No row if nobody had answered.';

-- +goose StatementBegin
CREATE FUNCTION whois_at(name text, t timestamptz)
RETURNS TABLE (
    domain text, state text, looked_up_at timestamptz,
    registrar text, registrar_key text, registrar_iana_id integer,
    registrant_name text, registrant_org text, registrant_email text, registrant_phone text,
    registrant_country text, registrant_address text, registrant_handle text,
    created timestamptz, updated timestamptz, expires timestamptz,
    name_servers text[], status text[], privacy text, redacted boolean, redacted_fields text[],
    oddities text[], conflicts text[], sources text[])
LANGUAGE sql STABLE AS $$ SELECT * FROM registration_known($1, $2, false) $$;
-- +goose StatementEnd
COMMENT ON FUNCTION whois_at(text, timestamptz) IS
'The registration of a domain that was known to hold at a time: by the last answer at or before it. state is registered, gone or none; no row means that nobody had answered by then: an answer of later says nothing about that time.';

-- +goose StatementBegin
CREATE FUNCTION addresses_at(name text, t timestamptz)
RETURNS TABLE (address inet, asked_at timestamptz, confirmed_at timestamptz, source text, server text)
LANGUAGE sql STABLE AS $$
WITH last AS (
    SELECT o.* FROM observations o
     WHERE o.subject = $1 AND o.kind IN ('domain', 'host') AND o.source = 'dns'
       AND o.outcome IN ('answered', 'none') AND o.asked_at <= $2
     ORDER BY least(o.confirmed_at, $2) DESC, o.asked_at DESC
     LIMIT 1
)
SELECT a::inet, l.asked_at, least(l.confirmed_at, $2), l.source, l.server
  FROM last l, jsonb_array_elements_text(coalesce(l.parsed -> 'a', '[]') || coalesce(l.parsed -> 'aaaa', '[]')) AS a
UNION ALL
SELECT a, n.asked_at, n.asked_at, 'dns', NULL
  FROM name_servers n, unnest(n.addresses) AS a
 WHERE n.host = $1 AND n.asked_at <= $2 AND NOT EXISTS (SELECT FROM last)
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION addresses_at(text, timestamptz) IS
'The addresses that a host name was known to have at a time: by the last answer of DNS at or before it. No row means that it had none, or that nobody had asked by then.';

-- +goose StatementBegin
CREATE FUNCTION netblock_at(address inet, t timestamptz)
RETURNS TABLE (
    prefix cidr, first inet, last inet, handle text, name text, owner text, country text, registry text,
    abuse_email text, asns bigint[], as_names text[], origin_prefix cidr,
    asked_at timestamptz, confirmed_at timestamptz, source text, server text)
LANGUAGE sql STABLE AS $$
SELECT b.prefix, b.first, b.last, b.handle, b.name, b.owner, coalesce(b.country, o.country), coalesce(b.registry, o.registry),
       b.abuse_email, o.asns, o.names, o.prefix,
       coalesce(b.asked_at, o.asked_at), least(coalesce(b.confirmed_at, o.confirmed_at), $2), coalesce(b.source, o.source), b.server
  FROM (SELECT $1 AS address) q
  LEFT JOIN LATERAL (
       SELECT n.* FROM netblocks n
        WHERE n.prefix >>= q.address AND n.asked_at <= $2 AND (n.ended_at IS NULL OR n.ended_at > $2)
        ORDER BY masklen(n.prefix) DESC, least(n.confirmed_at, $2) DESC, n.asked_at DESC
        LIMIT 1) b ON true
  LEFT JOIN LATERAL (
       SELECT n.* FROM origins n
        WHERE n.prefix >>= q.address AND n.asked_at <= $2
        ORDER BY masklen(n.prefix) DESC, least(n.confirmed_at, $2) DESC, n.asked_at DESC
        LIMIT 1) o ON true
 WHERE b.prefix IS NOT NULL OR o.prefix IS NOT NULL
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION netblock_at(inet, timestamptz) IS
'The smallest netblock that was known to hold an address at a time, and the autonomous systems that announced it, by the last answers at or before it. No row means that none was known by then.';
