-- +goose Up

-- A report tells which campaign forged the sender: what it quotes of the returned message.
-- Reports that were stored before have NULL until "collector reparse" derives them anew.
DROP VIEW IF EXISTS reports_v;
DELETE FROM view_versions;
ALTER TABLE reports ADD returned_subject text, ADD returned_domains text[];
COMMENT ON COLUMN reports.returned_subject IS 'Subject of the message that is returned, in normal form (messages.subject_key).';
COMMENT ON COLUMN reports.returned_domains IS 'Registered domains of the links in the message that is returned, at most 20; hosts that many share are left out.';

COMMENT ON COLUMN correlations.link_bits IS 'bits from which two messages were linked; 0 since one statistical model finds campaigns, because the prior is in every sum. Kept for the runs before, and because the schemas of list and show promise it.';

CREATE TABLE backscatter (
    message_key bigint PRIMARY KEY,
    campaign_id bigint NOT NULL,
    matched_by  text   NOT NULL CHECK (matched_by IN ('Message-ID', 'links', 'subject'))
);
CREATE INDEX backscatter_campaign ON backscatter (campaign_id);
COMMENT ON TABLE backscatter IS 'One row per delivery report that returns mail of a campaign; of the last run of the correlator. A report is a member of no campaign.';
COMMENT ON COLUMN backscatter.message_key IS 'the report (messages.message_key)';
COMMENT ON COLUMN backscatter.campaign_id IS 'the campaign, as in campaigns';
COMMENT ON COLUMN backscatter.matched_by IS 'Message-ID: a member has that of the returned message; links: members link to its domains, and those of no other campaign do; subject: members have its subject, and those of no other campaign do';
