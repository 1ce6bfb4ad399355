-- +goose Up

-- A template is worked out for each link that is looked at: as a loop it takes a fifth of the time of a
-- query over the pieces.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION path_template(url text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 300 AS $$
-- As package graph/evidence forms the trait "link path" (Xie et al., Spamming Botnets, 2008); a test
-- holds them together. A segment is made up that is long with digits, of mixed case, or longer than words are.
DECLARE
    rest     text := substring(url FROM '^[^:]*?://[^/?#]*(.*)$');
    pieces   text[];
    piece    text;
    behind   text;
    size     integer;
    digits   integer;
    upper    integer;
    n        integer;
    result   text := '';
BEGIN
    IF rest IS NULL OR octet_length(rest) NOT BETWEEN 1 AND 400 THEN
        RETURN NULL;
    END IF;
    rest := split_part(rest, '#', 1);
    pieces := string_to_array(ltrim(left(split_part(rest, '?', 1), 1), '/') || substr(split_part(rest, '?', 1), 2), '/');
    IF pieces = '{}' THEN
        pieces := '{""}';
    END IF;
    FOR part IN 0..1 LOOP
        n := 0;
        FOREACH piece IN ARRAY pieces LOOP
            n := n + 1;
            behind := '';
            IF part = 1 THEN
                CONTINUE WHEN strpos(piece, '=') = 0;
                piece := split_part(piece, '=', 1);
                behind := '=';
            END IF;
            size := octet_length(piece);
            digits := size - octet_length(translate(piece, '0123456789', ''));
            upper := size - octet_length(translate(piece, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', ''));
            result := result || CASE WHEN part = 0 THEN '/' WHEN n = 1 THEN '?' ELSE '&' END;
            IF size >= 8 AND digits > 0 AND digits * 4 >= size OR size > 24
               OR upper > 2 AND size >= 8 AND upper < octet_length(regexp_replace(piece, '[\u0001-@[-`{-\u007f]', '', 'g')) THEN
                result := result || '*' || behind;
            ELSIF digits > 0 THEN
                result := result || regexp_replace(piece, '[0-9]+', '0', 'g') || behind;
            ELSE
                result := result || piece || behind;
            END IF;
        END LOOP;
        EXIT WHEN strpos(rest, '?') = 0;
        pieces := string_to_array(substr(rest, strpos(rest, '?') + 1), '&');
    END LOOP;
    RETURN result;
END
$$;
-- +goose StatementEnd

-- What correlate find looks up is found by index. Of mail it is in the index of words (package terms): an index for
-- each field would cost an import as much as all others together.

-- +goose StatementBegin
CREATE FUNCTION name_suffixes(names text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT array_agg(DISTINCT array_to_string(labels[i:], '.'))
  FROM unnest(names) AS n, string_to_array(left(lower(n), 300), '.') AS labels, generate_series(1, greatest(cardinality(labels) - 1, 1)) AS i
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION name_suffixes(text[]) IS 'The names, and all names above them but the last label: what finds ns1.shop.example by shop.example.';

-- +goose StatementBegin
CREATE FUNCTION registration_terms(VARIADIC fields text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT array_agg(DISTINCT left(lower(f), 300)) FROM unnest(fields) AS f WHERE f IS NOT NULL
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION registration_terms(text[]) IS 'Fields of a registration as they are looked for: in lower case, at most 300 characters.';

CREATE INDEX domains_terms ON domains USING gin (registration_terms(registrant_name, registrant_org, registrant_handle, registrar, registrar_key, registrant_email, registrant_phone));
CREATE INDEX domains_server_suffixes ON domains USING gin (name_suffixes(name_servers));
CREATE INDEX observed_values_holder ON observed_values USING hash (lower(value)) WHERE field IN ('owner', 'netblock.name');
CREATE INDEX urls_raw ON urls USING hash (raw) WHERE host IS NULL;
CREATE INDEX urls_address ON urls (address) WHERE address IS NOT NULL;

-- Messages that are stored already get their terms here, as package terms forms them: a minute or more for a million.
CREATE TEMP TABLE stored_terms ON COMMIT DROP AS
SELECT m.message_key, '=' || left(lower(x), 120) AS term FROM messages m, unnest(ARRAY[m.helo, m.from_name, m.subject, m.subject_key, m.mailer]) AS x WHERE x <> ''
UNION ALL
SELECT p.message_key, '=' || left(lower(p.name), 120) FROM parts p WHERE p.attachment AND p.name <> ''
UNION ALL
SELECT m.message_key, '.' || x.suffix
  FROM (SELECT message_key, helo AS host FROM messages WHERE strpos(helo, '.') > 0
        UNION ALL SELECT message_key, reverse_name FROM messages WHERE strpos(reverse_name, '.') > 0) AS m
  JOIN (SELECT h.host, unnest(name_suffixes(ARRAY[rtrim(h.host, '.')])) AS suffix
          FROM (SELECT helo AS host FROM messages WHERE strpos(helo, '.') > 0 UNION SELECT reverse_name FROM messages WHERE strpos(reverse_name, '.') > 0) AS h) AS x
    ON x.host = m.host
UNION ALL
SELECT m.message_key, x FROM messages m, unnest(m.reply_to || m.from_address || m.return_path) AS a,
       unnest(ARRAY['@' || left(lower(a), 120), '.' || left(lower(nullif(split_part(a, '@', 2), '')), 120)]) AS x WHERE a <> '' AND x IS NOT NULL
UNION ALL
SELECT c.message_key, '@' || left(lower(c.value), 120) FROM contacts c WHERE c.kind = 'mail'
UNION ALL
SELECT h.message_key, '#' || left(lower(h.queue_id), 120) FROM hops h WHERE h.queue_id <> '';
DROP INDEX texts_words;
INSERT INTO texts AS t (message_key, words)
SELECT message_key, array_to_tsvector(array_agg(DISTINCT term)) FROM stored_terms GROUP BY message_key
ON CONFLICT (message_key) DO UPDATE SET words = t.words || excluded.words;
CREATE INDEX texts_words ON texts USING gin (words) WITH (gin_pending_list_limit = 32768);
COMMENT ON TABLE texts IS 'One row per message that says something: the words of its subject and its text, and terms of its fields. People read texts_v.';
COMMENT ON COLUMN texts.words IS 'Distinct words of the subject and of the text that a reader sees, in lower case, at most 1,000; each letter by itself in scripts without blanks. Numbers, mail addresses and links are no words. Terms of fields begin with a sign: = a whole text, . a host name, @ a mail address, # a queue id.';
