-- +goose Up

-- Sums of a spamrun that come from logs; NULL where no log tells of it.
ALTER TABLE spamruns ADD recipients bigint;
ALTER TABLE spamruns ADD broken bigint;
COMMENT ON COLUMN spamruns.recipients IS 'distinct recipients by the logs; NULL if no log tells of it';
COMMENT ON COLUMN spamruns.broken IS 'of these, damaged ones; NULL if no log tells of it';

CREATE TABLE log_positions (
    file        text   PRIMARY KEY,
    inode       bigint NOT NULL,
    byte_offset bigint NOT NULL CHECK (byte_offset >= 0),
    lines       bigint NOT NULL CHECK (lines >= 0),
    head        bytea  NOT NULL
);
COMMENT ON TABLE log_positions IS 'One row per log that collector watch follows: how far it was read.';
COMMENT ON COLUMN log_positions.file IS 'Its path.';
COMMENT ON COLUMN log_positions.inode IS 'Number of the file, by which it is found again once it was renamed.';
COMMENT ON COLUMN log_positions.byte_offset IS 'Bytes that were read and stored.';
COMMENT ON COLUMN log_positions.lines IS 'Lines of them.';
COMMENT ON COLUMN log_positions.head IS 'First bytes of the file: a number may be used again.';
