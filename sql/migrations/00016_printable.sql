-- +goose Up

-- Mail may hold escape sequences that rewrite the terminal, and letters that turn its
-- lines around; psql prints both as they are. Views show text through these functions.

-- +goose StatementBegin
CREATE FUNCTION printable(t text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN t ~ '[\u0001-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]' THEN
       (SELECT string_agg(CASE WHEN c ~ '[\u0001-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]'
                               THEN '\u' || lpad(to_hex(ascii(c)), greatest(4, length(to_hex(ascii(c)))), '0') ELSE c END, '' ORDER BY n)
          FROM regexp_split_to_table(t, '') WITH ORDINALITY AS x (c, n))
       ELSE t END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION printable(text) IS 'The text with all that a terminal does not print written as \u and its code: control characters, direction marks, letters without width.';

-- +goose StatementBegin
CREATE FUNCTION printable(t text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN t IS NULL THEN NULL ELSE array(SELECT printable(x) FROM unnest(t) WITH ORDINALITY AS u (x, n) ORDER BY n) END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION printable(text[]) IS 'The same for each of a list.';

-- What is found by index is kept without them from now on.
UPDATE observed_values SET value = printable(value) WHERE value <> printable(value);
