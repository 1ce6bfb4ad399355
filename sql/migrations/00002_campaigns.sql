-- +goose Up

-- Campaigns can be dropped and worked out again at any time, but for their ids. A
-- message is in one campaign at most, so memberships are keyed by message alone and can
-- be spread over servers like the facts. The other tables are small and stay whole.

CREATE TABLE correlations (
    run_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz NOT NULL CHECK (finished_at >= started_at),
    method      integer NOT NULL,
    link_bits   integer NOT NULL,
    messages    bigint NOT NULL,
    background  bigint NOT NULL,
    incidences  bigint NOT NULL,
    campaigns   bigint NOT NULL,
    members     bigint NOT NULL,
    set_aside   jsonb NOT NULL
);
COMMENT ON TABLE correlations IS 'One row per complete run of the correlator; the memberships are those of the last. A run that was stopped leaves no row and no change.';
COMMENT ON COLUMN correlations.run_id IS 'number of the run';
COMMENT ON COLUMN correlations.started_at IS 'when the run began';
COMMENT ON COLUMN correlations.finished_at IS 'when its campaigns were written';
COMMENT ON COLUMN correlations.method IS 'version of the rules that grouped';
COMMENT ON COLUMN correlations.link_bits IS 'bits that two messages had to share to be linked';
COMMENT ON COLUMN correlations.messages IS 'messages that could have become members: all but wanted mail';
COMMENT ON COLUMN correlations.background IS 'wanted messages, counted in frequencies only';
COMMENT ON COLUMN correlations.incidences IS 'pairs of a message and a feature that another message has too';
COMMENT ON COLUMN correlations.campaigns IS 'campaigns found';
COMMENT ON COLUMN correlations.members IS 'messages in them';
COMMENT ON COLUMN correlations.set_aside IS 'link domains too common to be evidence, with the number of messages that have them';

CREATE TABLE campaigns (
    campaign_id  bigint PRIMARY KEY,
    first_run    bigint NOT NULL,
    last_run     bigint NOT NULL,
    members      bigint NOT NULL CHECK (members >= 0),
    weakest_bits integer NOT NULL,
    split_from   bigint,
    merged_into  bigint CHECK (merged_into <> campaign_id),
    merged_run   bigint,
    CHECK ((merged_into IS NULL) = (merged_run IS NULL)),
    CHECK (merged_into IS NULL OR members = 0)
);
COMMENT ON TABLE campaigns IS 'One row per campaign that ever was. Ids are given once and never again; one that became part of another leads there.';
COMMENT ON COLUMN campaigns.campaign_id IS 'number; shown with a "c" before it';
COMMENT ON COLUMN campaigns.first_run IS 'run that found it';
COMMENT ON COLUMN campaigns.last_run IS 'last run that found it';
COMMENT ON COLUMN campaigns.members IS 'messages in it as of the last run; 0 if it is no more';
COMMENT ON COLUMN campaigns.weakest_bits IS 'bits of the weakest link that holds it together';
COMMENT ON COLUMN campaigns.split_from IS 'campaign that most of its first members were in before';
COMMENT ON COLUMN campaigns.merged_into IS 'campaign that took it in; NULL if none did';
COMMENT ON COLUMN campaigns.merged_run IS 'run in which that happened';

CREATE TABLE campaign_traits (
    campaign_id bigint NOT NULL,
    n           smallint NOT NULL,
    evidence    text NOT NULL,
    kind        text NOT NULL,
    value       text NOT NULL,
    members     bigint NOT NULL,
    elsewhere   bigint NOT NULL,
    ham         bigint NOT NULL,
    bits        integer NOT NULL,
    PRIMARY KEY (campaign_id, n)
);
COMMENT ON TABLE campaign_traits IS 'One row per trait that members of a campaign share, strongest first; of the last run.';
COMMENT ON COLUMN campaign_traits.campaign_id IS 'the campaign, as in campaigns';
COMMENT ON COLUMN campaign_traits.n IS 'rank within the campaign, from 0';
COMMENT ON COLUMN campaign_traits.evidence IS 'group of evidence: content, subject, links, mailer or sending; within one group only the best counts';
COMMENT ON COLUMN campaign_traits.kind IS 'what it is';
COMMENT ON COLUMN campaign_traits.value IS 'the value shared; a hash where the value is a text';
COMMENT ON COLUMN campaign_traits.members IS 'members that have it';
COMMENT ON COLUMN campaign_traits.elsewhere IS 'other spam that has it';
COMMENT ON COLUMN campaign_traits.ham IS 'wanted messages that have it';
COMMENT ON COLUMN campaign_traits.bits IS 'what sharing it is worth: -log2 of the chance that a stranger has it too';

CREATE TABLE memberships (
    message_key bigint PRIMARY KEY,
    campaign_id bigint NOT NULL,
    run_id      bigint NOT NULL
);
CREATE INDEX memberships_campaign ON memberships (campaign_id);
COMMENT ON TABLE memberships IS 'One row per message that is in a campaign. People read campaign_members.';
COMMENT ON COLUMN memberships.message_key IS 'the message, as in messages';
COMMENT ON COLUMN memberships.campaign_id IS 'the campaign, as in campaigns';
COMMENT ON COLUMN memberships.run_id IS 'run that put the message there; later ones left it';
