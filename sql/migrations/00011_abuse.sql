-- +goose Up

-- The ledger of abuse reports. Spoor makes reports and sends none: a row says what was made
-- for whom, so that nobody is told twice by mistake, and what became of it can be asked.

CREATE TABLE abuse_reports (
    report_id   uuid PRIMARY KEY,
    made_at     timestamptz NOT NULL,
    last_made   timestamptz NOT NULL CHECK (last_made >= made_at),
    last_seen   timestamptz,
    campaign_id bigint  NOT NULL,
    messages    bigint  NOT NULL CHECK (messages >= 0),
    times       integer NOT NULL DEFAULT 1 CHECK (times > 0),
    guessed     boolean NOT NULL,
    contact     text    NOT NULL,
    role        text    NOT NULL CHECK (role IN ('netblock', 'host', 'registrar', 'platform')),
    source      text    NOT NULL
);
CREATE INDEX abuse_reports_campaign ON abuse_reports (campaign_id);
COMMENT ON TABLE abuse_reports IS 'One row per source that a report was made about, for one contact and up to one last message.';
COMMENT ON COLUMN abuse_reports.report_id IS 'id in the X-ARF report; the same for the same source, contact and last message';
COMMENT ON COLUMN abuse_reports.made_at IS 'when it was first made';
COMMENT ON COLUMN abuse_reports.last_made IS 'when it was last made';
COMMENT ON COLUMN abuse_reports.last_seen IS 'arrival of the last message that it tells of; NULL if unknown';
COMMENT ON COLUMN abuse_reports.campaign_id IS 'the campaign, as in campaigns';
COMMENT ON COLUMN abuse_reports.messages IS 'messages that it tells of';
COMMENT ON COLUMN abuse_reports.times IS 'how often it was made';
COMMENT ON COLUMN abuse_reports.guessed IS 'whether the contact is abuse@ of the operator''s domain, for want of one that a registry tells';
COMMENT ON COLUMN abuse_reports.contact IS 'mail address that it was made for';
COMMENT ON COLUMN abuse_reports.role IS 'why that contact: netblock that sent, host or registrar of what mail links to, platform that it uses';
COMMENT ON COLUMN abuse_reports.source IS 'the address, host, domain, URL or mailbox';
