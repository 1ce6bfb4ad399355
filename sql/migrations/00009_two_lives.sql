-- +goose Up

-- Registrations at the time of a mail: a domain that was registered anew has two lives, and
-- mail that came before the first look-up has what a later record proves.

DROP FUNCTION whois_at(text, timestamptz);

-- +goose StatementBegin
CREATE FUNCTION whois_at(name text, t timestamptz)
RETURNS TABLE (
    domain text, state text, looked_up_at timestamptz,
    registrar text, registrar_key text, registrar_iana_id integer,
    registrant_name text, registrant_org text, registrant_email text, registrant_phone text,
    registrant_country text, registrant_address text, registrant_handle text,
    created timestamptz, updated timestamptz, expires timestamptz,
    name_servers text[], status text[], privacy text, redacted boolean, redacted_fields text[],
    oddities text[], conflicts text[], sources text[], proven_by text)
LANGUAGE sql STABLE AS $$
WITH known AS (
    SELECT * FROM registration_known($1, $2, false)
), later AS (
    -- The first answer after that time: what it dates before it held then.
    SELECT o.asked_at, o.source, (o.parsed ->> 'created')::timestamptz AS created, (o.parsed ->> 'updated')::timestamptz AS updated
      FROM observations o
     WHERE o.subject = $1 AND o.kind = 'domain' AND o.source IN ('rdap', 'whois', 'whois-registrar')
       AND o.outcome = 'answered' AND o.asked_at > $2 AND jsonb_typeof(o.parsed) = 'object' AND NOT EXISTS (SELECT FROM known)
     ORDER BY o.asked_at, o.source
     LIMIT 1
)
SELECT k.*, 'answer' FROM known k
UNION ALL
SELECT $1, 'registered', l.asked_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       l.created, CASE WHEN l.updated <= $2 THEN l.updated END, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ARRAY[l.source], 'later answer'
  FROM later l
 WHERE l.created <= $2
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION whois_at(text, timestamptz) IS
'The registration of a domain that was known to hold at a time. proven_by says how: "answer" is the last answer at or before it, and state is registered, gone or none; "later answer" is the first one after it, of which only the dates are given that lie before that time: nothing else of it is proven. No row means that nothing is known of that time.';

-- +goose StatementBegin
CREATE FUNCTION domain_age_at(name text, t timestamptz) RETURNS interval
LANGUAGE sql STABLE AS $$
-- Books that keep days only, and those of other time zones, are a day apart at most.
SELECT greatest($2 - w.created, '0') FROM whois_at($1, $2 + interval '1 day') AS w
 WHERE w.state = 'registered' AND w.created <= $2 + interval '1 day'
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION domain_age_at(text, timestamptz) IS
'How old the registration of a domain was at a time, by what whois_at knows of it: of a domain that was registered anew, the registration that held then. NULL where that is not known.';
