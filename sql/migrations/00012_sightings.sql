-- +goose Up

-- What others saw: threads of newsgroups, other desks, lists. Rows are added and stay; where
-- they meet our campaigns is asked anew each time, so that new mail meets old sightings.

CREATE TABLE sightings (
    seen_at  timestamptz NOT NULL,
    added_at timestamptz NOT NULL,
    network  cidr,
    kind     text NOT NULL CHECK (kind IN ('host', 'url', 'net', 'mail', 'phone', 'message-id', 'hash', 'text')),
    source   text NOT NULL,
    value    text NOT NULL,
    note     text,
    sighting_key bytea PRIMARY KEY CHECK (octet_length(sighting_key) = 32),
    CHECK ((kind = 'net') = (network IS NOT NULL))
);
COMMENT ON TABLE sightings IS 'One row per thing that others saw and told us: outside knowledge, not a fact of our mail. People read sightings_v.';
COMMENT ON COLUMN sightings.seen_at IS 'when they saw it, as they say';
COMMENT ON COLUMN sightings.added_at IS 'when it was imported';
COMMENT ON COLUMN sightings.network IS 'the value, where that is an address or network';
COMMENT ON COLUMN sightings.kind IS 'what the value is; text: a subject, in its normal form';
COMMENT ON COLUMN sightings.source IS 'who saw it';
COMMENT ON COLUMN sightings.value IS 'the value in its normal form';
COMMENT ON COLUMN sightings.note IS 'what they say of it';
COMMENT ON COLUMN sightings.sighting_key IS 'SHA-256 of source, time, kind and value: one sighting is kept once';
