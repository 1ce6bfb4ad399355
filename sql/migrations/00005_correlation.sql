-- +goose Up

-- The view shows a column whose type changes; it is created anew after the migration.
DROP VIEW IF EXISTS campaigns_v;
DELETE FROM view_versions;

-- Evidence and campaigns. incidence grows with mail and is spread by message_key like the
-- facts, as are memberships; all else here is small.

CREATE TABLE incidence (
    message_key bigint   PRIMARY KEY,
    at          timestamptz,
    version     integer  NOT NULL,
    ham         boolean  NOT NULL,
    newsletter  boolean  NOT NULL,
    sender      inet,
    features    bigint[] NOT NULL,
    sketch      bytea
);
-- Rows are read whole and in bulk; compressing them would cost more than it saves.
ALTER TABLE incidence SET (toast_tuple_target = 8160);
ALTER TABLE incidence ALTER features SET STORAGE EXTERNAL, ALTER sketch SET STORAGE PLAIN;
COMMENT ON TABLE incidence IS 'One row per message: what it offers as evidence. Derived from the facts, and derived anew when the rules change.';
COMMENT ON COLUMN incidence.message_key IS 'The message (messages.message_key).';
COMMENT ON COLUMN incidence.at IS 'When our own server took it (messages.received_at).';
COMMENT ON COLUMN incidence.version IS 'Version of the rules by which the features were derived.';
COMMENT ON COLUMN incidence.ham IS 'Wanted mail (messages.ham).';
COMMENT ON COLUMN incidence.newsletter IS 'List mail that is at one with itself.';
COMMENT ON COLUMN incidence.sender IS 'Address that connected to our own servers (messages.sender).';
COMMENT ON COLUMN incidence.features IS 'Keys of its features, ascending: kind in the top byte, a hash of the value below.';
COMMENT ON COLUMN incidence.sketch IS 'MinHash of its text (messages.text_sketch).';

ALTER TABLE correlations ALTER link_bits TYPE double precision;
ALTER TABLE correlations ADD parameters jsonb NOT NULL DEFAULT '{}';
ALTER TABLE correlations ADD operations bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN correlations.parameters IS 'What the run estimated from the data and judged by: by kind of evidence how often it agrees within a campaign and by chance.';
COMMENT ON COLUMN correlations.operations IS 'operations found';

ALTER TABLE campaigns ALTER weakest_bits TYPE double precision;
ALTER TABLE campaigns ADD operation_id bigint;
COMMENT ON COLUMN campaigns.operation_id IS 'the operation that it belongs to; NULL if none is known';

ALTER TABLE campaign_traits ALTER bits TYPE double precision;
ALTER TABLE campaign_traits ALTER value DROP NOT NULL;
ALTER TABLE campaign_traits ADD feature bigint;
COMMENT ON COLUMN campaign_traits.feature IS 'key of the feature, as in incidence.features';

CREATE TABLE operations (
    operation_id bigint PRIMARY KEY,
    first_run    bigint NOT NULL,
    last_run     bigint NOT NULL,
    campaigns    bigint NOT NULL CHECK (campaigns >= 0),
    weakest_bits double precision NOT NULL
);
COMMENT ON TABLE operations IS 'One row per operation that ever was: campaigns that share who is behind them. Ids are given once and never again.';
COMMENT ON COLUMN operations.operation_id IS 'number; shown with an "o" before it';
COMMENT ON COLUMN operations.first_run IS 'run that found it';
COMMENT ON COLUMN operations.last_run IS 'last run that found it';
COMMENT ON COLUMN operations.campaigns IS 'campaigns in it as of the last run; 0 if it is no more';
COMMENT ON COLUMN operations.weakest_bits IS 'bits of the weakest link that holds it together';

CREATE TABLE operation_traits (
    operation_id bigint NOT NULL,
    n            smallint NOT NULL,
    evidence     text NOT NULL,
    kind         text NOT NULL,
    value        text,
    feature      bigint NOT NULL,
    members      bigint NOT NULL,
    elsewhere    bigint NOT NULL,
    ham          bigint NOT NULL,
    bits         double precision NOT NULL,
    PRIMARY KEY (operation_id, n)
);
COMMENT ON TABLE operation_traits IS 'One row per trait that campaigns of an operation share, strongest first; of the last run.';
COMMENT ON COLUMN operation_traits.operation_id IS 'the operation, as in operations';
COMMENT ON COLUMN operation_traits.n IS 'rank within the operation, from 0';
COMMENT ON COLUMN operation_traits.evidence IS 'group of evidence';
COMMENT ON COLUMN operation_traits.kind IS 'what it is';
COMMENT ON COLUMN operation_traits.value IS 'the value shared; a hash where the value is a text';
COMMENT ON COLUMN operation_traits.feature IS 'key of the feature, as in incidence.features';
COMMENT ON COLUMN operation_traits.members IS 'messages of the operation that have it';
COMMENT ON COLUMN operation_traits.elsewhere IS 'other spam that has it';
COMMENT ON COLUMN operation_traits.ham IS 'wanted messages that have it';
COMMENT ON COLUMN operation_traits.bits IS 'what sharing it is worth';

CREATE TABLE campaign_events (
    run_id      bigint NOT NULL,
    campaign_id bigint NOT NULL,
    n           integer NOT NULL,
    event       text NOT NULL CHECK (event IN ('born', 'grew', 'shrank', 'merged', 'split', 'slept', 'woke', 'dissolved')),
    other_id    bigint,
    messages    bigint NOT NULL,
    PRIMARY KEY (campaign_id, run_id, n)
);
COMMENT ON TABLE campaign_events IS 'One row per thing that happened to a campaign in a run: its lineage.';
COMMENT ON COLUMN campaign_events.run_id IS 'the run (correlations.run_id)';
COMMENT ON COLUMN campaign_events.campaign_id IS 'the campaign';
COMMENT ON COLUMN campaign_events.n IS 'order within the run, from 0';
COMMENT ON COLUMN campaign_events.event IS 'born; grew or shrank by messages; merged: other_id went into it; split: it came out of other_id; slept: nothing new for four weeks of the store''s time; woke: new mail after that; dissolved: no longer held together';
COMMENT ON COLUMN campaign_events.other_id IS 'the other campaign of a merge or split; NULL otherwise';
COMMENT ON COLUMN campaign_events.messages IS 'messages that came, went, or are in it';

-- A message may be part of a spamrun without being in a campaign.
ALTER TABLE memberships ALTER campaign_id DROP NOT NULL;
ALTER TABLE memberships ADD spamrun_id bigint;
ALTER TABLE memberships ADD confidence real CHECK (confidence BETWEEN 0 AND 1);
ALTER TABLE memberships ADD CHECK (campaign_id IS NOT NULL OR spamrun_id IS NOT NULL);
DROP INDEX memberships_campaign;
CREATE INDEX memberships_campaign ON memberships (campaign_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX memberships_spamrun ON memberships (spamrun_id) WHERE spamrun_id IS NOT NULL;
COMMENT ON TABLE memberships IS 'One row per message that is in a campaign or a spamrun. People read campaign_members.';
COMMENT ON COLUMN memberships.campaign_id IS 'the campaign, as in campaigns; NULL: in none';
COMMENT ON COLUMN memberships.spamrun_id IS 'the spamrun, as in spamruns; NULL: in none';
COMMENT ON COLUMN memberships.confidence IS 'that the message belongs to the others of its campaign, 0 to 1; NULL: in none';

CREATE TABLE spamruns (
    spamrun_id bigint PRIMARY KEY,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz NOT NULL CHECK (ended_at >= started_at),
    messages   bigint NOT NULL CHECK (messages > 1),
    run_id     bigint NOT NULL,
    sender     inet NOT NULL
);
CREATE INDEX spamruns_sender ON spamruns (sender);
COMMENT ON TABLE spamruns IS 'One row per spamrun: one sender''s burst of messages, by their arrival at our own servers; of the last run of the correlator.';
COMMENT ON COLUMN spamruns.spamrun_id IS 'made from the sender and the first message''s arrival, so that it stays while the run grows';
COMMENT ON COLUMN spamruns.started_at IS 'arrival of the first message';
COMMENT ON COLUMN spamruns.ended_at IS 'arrival of the last message';
COMMENT ON COLUMN spamruns.messages IS 'messages in it';
COMMENT ON COLUMN spamruns.run_id IS 'the run of the correlator that found it';
COMMENT ON COLUMN spamruns.sender IS 'the address that connected to us';

-- What people say of campaigns. Rows are added; taking back a decision marks it.
CREATE TABLE decisions (
    decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    made_at     timestamptz NOT NULL,
    undone_at   timestamptz CHECK (undone_at >= made_at),
    campaign_id bigint,
    other_id    bigint,
    feature     bigint,
    messages    bigint[],
    others      bigint[],
    moved       bigint[],
    kind        text NOT NULL CHECK (kind IN ('same', 'not-same', 'merge', 'split', 'name', 'note', 'tag', 'untag', 'ignore', 'trust')),
    made_by     text NOT NULL,
    undone_by   text,
    value       text,
    because     text
);
CREATE INDEX decisions_campaign ON decisions (campaign_id) WHERE campaign_id IS NOT NULL;
COMMENT ON TABLE decisions IS 'One row per thing that people decided about campaigns and evidence; honoured by every later run until it is undone.';
COMMENT ON COLUMN decisions.decision_id IS 'number; shown with a "d" before it';
COMMENT ON COLUMN decisions.made_at IS 'when it was made';
COMMENT ON COLUMN decisions.undone_at IS 'when it was taken back; NULL: it stands';
COMMENT ON COLUMN decisions.campaign_id IS 'the campaign that it is about, as it was named then';
COMMENT ON COLUMN decisions.other_id IS 'the other campaign of merge, same, not-same: the smaller one';
COMMENT ON COLUMN decisions.feature IS 'key of the feature of ignore and trust, as in incidence.features';
COMMENT ON COLUMN decisions.messages IS 'messages that stand for campaign_id or the first message, the surest members first; of a split all that it takes out';
COMMENT ON COLUMN decisions.others IS 'messages that stand for the other side; of a split some that stay';
COMMENT ON COLUMN decisions.moved IS 'all members of other_id, of merge and same: undoing them gives them back';
COMMENT ON COLUMN decisions.kind IS 'what was decided';
COMMENT ON COLUMN decisions.made_by IS 'who made it';
COMMENT ON COLUMN decisions.undone_by IS 'who took it back';
COMMENT ON COLUMN decisions.value IS 'the name, note or tag; the feature; who is the same, not the same, or taken out, in words';
COMMENT ON COLUMN decisions.because IS 'the reason given';
