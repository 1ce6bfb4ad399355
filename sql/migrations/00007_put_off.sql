-- +goose Up

-- A run waits for the servers that want to be left alone, and says how much waits for each.

ALTER TABLE lookups ADD put_off_by text;
COMMENT ON COLUMN lookups.put_off_by IS 'Server that is left alone until wake_at, for which it was given back unasked; NULL for none.';
CREATE INDEX lookups_put_off ON lookups (put_off_by) WHERE put_off_by IS NOT NULL;
