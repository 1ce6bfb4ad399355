-- +goose Up

-- Without logs and new mail the spamruns stay, so they need not be found again.
ALTER TABLE correlations ADD spamruns_input bigint;
COMMENT ON COLUMN correlations.spamruns_input IS 'Fingerprint of the mail in which the spamruns were found after the run; NULL: none were sought yet, or the store has logs, in which they are sought each time.';
