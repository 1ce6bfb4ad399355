-- +goose Up

-- New mail joins known campaigns before the next run of the correlator.

CREATE TABLE campaign_profiles (
    campaign_id bigint PRIMARY KEY,
    profile     bytea NOT NULL
);
-- Profiles are read and written whole and in bulk; compressing them would cost more than it saves.
ALTER TABLE campaign_profiles SET (toast_tuple_target = 8160);
ALTER TABLE campaign_profiles ALTER profile SET STORAGE EXTERNAL;
COMMENT ON TABLE campaign_profiles IS 'One row per campaign of the last run: what new mail is compared with.';
COMMENT ON COLUMN campaign_profiles.campaign_id IS 'the campaign, as in campaigns';
COMMENT ON COLUMN campaign_profiles.profile IS 'what its members share, in bits, and some of its messages, packed; for the program only. People read campaign_traits.';

ALTER TABLE memberships ADD assigned_at timestamptz;
COMMENT ON COLUMN memberships.assigned_at IS 'when an import put the message there, having compared it with what the run found; the next run decides anew. NULL: the run itself did';
COMMENT ON COLUMN campaigns.members IS 'messages in it as of the last run, with those that imports put there since; 0 if it is no more';
