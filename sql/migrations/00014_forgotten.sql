-- +goose Up

-- What was forgotten, what a store was told of our own servers, and failures by the thousand.

CREATE TABLE forget_key (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    key bytea NOT NULL CHECK (octet_length(key) = 32)
);
COMMENT ON TABLE forget_key IS 'One row: the key of the hashes in forgotten. Without it nobody can ask whether a message that he has was here.';
COMMENT ON COLUMN forget_key.one IS 'Always true: there is one row.';
COMMENT ON COLUMN forget_key.key IS 'Random bytes, made when something is first forgotten.';

CREATE TABLE forgotten (
    hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    at   timestamptz NOT NULL
);
COMMENT ON TABLE forgotten IS 'One row per message that "collector forget" erased: all that is left of it, so that importing it again does not bring it back.';
COMMENT ON COLUMN forgotten.hash IS 'HMAC-SHA-256 of the SHA-256 of the message, by forget_key.';
COMMENT ON COLUMN forgotten.at IS 'When it was forgotten.';

CREATE TABLE skipped_keys (
    message_key bigint PRIMARY KEY
);
COMMENT ON TABLE skipped_keys IS 'One row per key whose message was forgotten while another with the same natural key stands behind it: looking for that one goes past. It tells no more than the key of that other.';
COMMENT ON COLUMN skipped_keys.message_key IS 'The key.';

ALTER TABLE imports ADD forgotten bigint NOT NULL DEFAULT 0 CHECK (forgotten >= 0);
COMMENT ON COLUMN imports.forgotten IS 'Of the messages that it added, those that were forgotten since.';

ALTER TABLE failures ADD items bigint NOT NULL DEFAULT 1 CHECK (items > 0);
COMMENT ON COLUMN failures.items IS 'How many items the row stands for: more than 1 where a source has more failures of one kind than are listed.';
