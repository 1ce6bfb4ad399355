-- +goose Up

-- What tells near-duplicates and mailers apart, from version 2 of the extractor on.
-- Messages that were stored before have NULL until "collector reparse" derives them anew;
-- those without their raw bytes keep it.
--
-- There is no index: the correlator reads them all, in the order of the table.

ALTER TABLE messages
    ADD COLUMN text_sketch bytea CHECK (octet_length(text_sketch) = 64),
    ADD COLUMN html_form   bigint,
    ADD COLUMN date_form   text,
    ADD COLUMN encodings   text;
COMMENT ON COLUMN messages.text_sketch IS 'Sketch of the words of the body: 32 numbers of 16 bits, little endian. The share of numbers that two messages have equal at the same place estimates how many of their words and pairs of words they share. NULL if there is too little to compare.';
COMMENT ON COLUMN messages.html_form IS 'Hash of the order of tags in its HTML, repeats counted once; equal templates, equal hash, whatever the text. NULL if there are fewer than 8 tags.';
COMMENT ON COLUMN messages.date_form IS 'Date field as a pattern: digits as 9, names of days as Www and of months as Mmm. A zone that cannot be stands as it is.';
COMMENT ON COLUMN messages.encodings IS 'For each text part its type, charset and transfer encoding as written, joined by semicolons; parts joined by commas: the habit of the mailer. At most 200 bytes.';
