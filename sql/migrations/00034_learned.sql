-- +goose Up

-- The estimates of a run are kept, so that an explanation reads them and some messages. It weighed all
-- mail anew before: minutes at a million messages.

CREATE TABLE learned_values (
    first  bigint PRIMARY KEY,
    packed bytea NOT NULL
);
ALTER TABLE learned_values ALTER packed SET STORAGE EXTERNAL;
COMMENT ON TABLE learned_values IS 'One row per page of values that two messages or more have, as of the last run; for the program only. People read campaign_traits.';
COMMENT ON COLUMN learned_values.first IS 'Key of the first value of the page, as in incidence.features.';
COMMENT ON COLUMN learned_values.packed IS 'Of each value: how rare it is, how many messages have it, and some campaigns that have it.';

-- Learned values name campaigns by this number.
ALTER TABLE campaign_profiles ADD n integer;
ALTER TABLE campaign_profiles ADD counts bytea;
ALTER TABLE campaign_profiles ALTER counts SET STORAGE EXTERNAL;
CREATE INDEX campaign_profiles_n ON campaign_profiles (n);
COMMENT ON COLUMN campaign_profiles.n IS 'Place of the campaign in the result of its run, from 0; NULL before the next run.';
COMMENT ON COLUMN campaign_profiles.counts IS 'Bursts of several members, and how many members have each value, packed; for the program only. NULL before the next run.';

-- The next run is made even if nothing is new: the last one left none of this.
UPDATE correlations SET input = NULL;
