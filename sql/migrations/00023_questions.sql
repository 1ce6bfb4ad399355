-- +goose Up

-- Questions that investigators ask, answered at once: keys that join by index, and words.

-- The text of views goes through printable, for each row that is looked at. Without a
-- subquery the planner puts its body in its place, which takes a sixth of the time.
-- +goose StatementBegin
CREATE FUNCTION escaped(t text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT string_agg(CASE WHEN c ~ '[\u0001-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]'
                       THEN '\u' || lpad(to_hex(ascii(c)), greatest(4, length(to_hex(ascii(c)))), '0') ELSE c END, '' ORDER BY n)
  FROM regexp_split_to_table(t, '') WITH ORDINALITY AS x (c, n)
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION escaped(text) IS 'The text with all that a terminal does not print written as \u and its code. Ask printable, which is quick where there is nothing of that.';

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION printable(t text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN t ~ '[\u0001-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]' THEN escaped(t) ELSE t END
$$;
-- +goose StatementEnd

-- The words of a message stand beside it, for whoever reads many messages wants none of
-- them. They have no positions: a third of the room and of the time goes into those, and
-- an index does without. Appending to the pending list and sorting in bulk is what makes
-- an index of words cheap enough for an import.
CREATE TABLE texts (
    message_key bigint PRIMARY KEY,
    words       tsvector
);
ALTER TABLE texts SET (toast_tuple_target = 8160);
ALTER TABLE texts ALTER words SET STORAGE EXTERNAL;
CREATE INDEX texts_words ON texts USING gin (words) WITH (gin_pending_list_limit = 32768);
COMMENT ON TABLE texts IS 'One row per message that says something: the words of its subject and its text. People read texts_v.';
COMMENT ON COLUMN texts.message_key IS 'The message (messages.message_key).';
COMMENT ON COLUMN texts.words IS 'Distinct words of the subject and of the text that a reader sees, in lower case, at most 1,000; each letter by itself in scripts without blanks. Numbers, mail addresses and links are no words.';

-- +goose StatementBegin
CREATE FUNCTION text_query(words text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
-- As package ingest/text takes words from mail: a token with a digit or an @ is none, the rest is
-- parted at what is no letter; scripts without blanks are parted at each letter.
SELECT coalesce(string_agg(quote_literal(w), ' & ')::tsquery, ''::tsquery)
  FROM regexp_split_to_table(lower(words), '[\s!"#$&''()*,/:;<>?\[\\\]^`{|}~\u00a0-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2000-\u206f\u3000-\u3004\u3008-\u3020\uff01-\uff0f\uff1a-\uff20]+') AS token,
       regexp_split_to_table(regexp_replace(token, '([\u0e00-\u109f\u1780-\u17ff\u3040-\u312f\u3190-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff])', ' \1 ', 'g'), '[-._+=% ]+') AS w
 WHERE token !~ '[0-9@]' AND octet_length(w) BETWEEN 2 AND 48
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION text_query(text) IS 'What texts_v.words is asked by: words @@ text_query(''verify account'') finds messages with all of these words, in any order. Without letters it finds nothing. A server of locale C lowers A to Z alone.';

-- Views name messages by SHA-256 in hex and by a Message-ID that can be printed: both are
-- found by index. Of any length, so by hash.
CREATE INDEX messages_sha256_hex ON messages USING hash (encode(sha256, 'hex'));
CREATE INDEX messages_message_id_shown ON messages USING hash (printable(message_id));
-- Whom did it reach? An address in any case.
CREATE INDEX messages_recipients ON messages USING gin (recipients) WITH (gin_pending_list_limit = 8192);
-- Campaigns and operations are shown with a letter before their number.
CREATE INDEX campaigns_shown ON campaigns (('c' || campaign_id::text));
CREATE INDEX campaigns_operation ON campaigns (('o' || operation_id::text)) WHERE operation_id IS NOT NULL;
CREATE INDEX spamruns_shown ON spamruns ((CASE WHEN NOT wanted THEN spamrun_id END));
CREATE INDEX domains_registrant_email_shown ON domains (printable(registrant_email)) WHERE registrant_email IS NOT NULL;
