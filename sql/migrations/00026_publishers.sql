-- +goose Up

-- Newsletters are set aside, and nobody was told: in 92 of 2,412 phishing mails a rule took
-- the platform for a publisher. Their publishers are a result that can be read.

CREATE TABLE publishers (
    publisher_id bigint  PRIMARY KEY,
    name         text    NOT NULL,
    messages     bigint  NOT NULL CHECK (messages > 0),
    listed       bigint  NOT NULL CHECK (listed BETWEEN 0 AND messages),
    days         integer NOT NULL,
    run_id       bigint  NOT NULL
);
COMMENT ON TABLE publishers IS 'One row per publisher: one address that sends regular issues, whose mail is set aside from campaigns; of the last run of the correlator.';
COMMENT ON COLUMN publishers.publisher_id IS 'key of the From address as a feature, as in incidence.features, so that it stays from run to run';
COMMENT ON COLUMN publishers.name IS 'the From address of its issues';
COMMENT ON COLUMN publishers.messages IS 'issues as of the last run';
COMMENT ON COLUMN publishers.listed IS 'of these, list mail: they name a list or a way to unsubscribe, and lead to the domain that they come from';
COMMENT ON COLUMN publishers.days IS 'days on which issues came';
COMMENT ON COLUMN publishers.run_id IS 'the run of the correlator that found it';

CREATE TABLE publisher_issues (
    message_key  bigint PRIMARY KEY,
    publisher_id bigint NOT NULL
);
CREATE INDEX publisher_issues_publisher ON publisher_issues (publisher_id);
COMMENT ON TABLE publisher_issues IS 'One row per message that is an issue of a publisher; of the last run of the correlator.';
COMMENT ON COLUMN publisher_issues.message_key IS 'the message (messages.message_key)';
COMMENT ON COLUMN publisher_issues.publisher_id IS 'the publisher, as in publishers';
