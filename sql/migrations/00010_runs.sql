-- +goose Up

-- Sums of a spamrun that come from logs; NULL where no log tells of it.
ALTER TABLE spamruns ADD recipients bigint;
ALTER TABLE spamruns ADD broken bigint;
COMMENT ON COLUMN spamruns.recipients IS 'distinct recipients by the logs; NULL if no log tells of it';
COMMENT ON COLUMN spamruns.broken IS 'of these, damaged ones; NULL if no log tells of it';
