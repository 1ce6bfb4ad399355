-- +goose Up

-- A run with the input of the one before finds the same campaigns, so it need not be made.
ALTER TABLE correlations ADD input bigint;
COMMENT ON COLUMN correlations.input IS 'Fingerprint of what the run read: evidence, decisions, answers of registries, and the version of the program; NULL for runs of earlier versions.';
