-- +goose Up

-- Delivery reports name servers and recipients that their sender did not choose. They were
-- searched for links like any text, and 2,424 reports became one campaign by the reader's
-- own domain.

CREATE TABLE reports (
    message_key bigint  NOT NULL,
    n           integer NOT NULL,
    form        text    NOT NULL,
    reporter    text,
    recipient   text,
    action      text,
    status      text,
    remote      text,
    diagnostic  text,
    returned_id text,
    PRIMARY KEY (message_key, n)
);
COMMENT ON TABLE reports IS 'One row per recipient of a delivery report.';
COMMENT ON COLUMN reports.message_key IS 'The message (messages.message_key).';
COMMENT ON COLUMN reports.n IS 'Order of appearance.';
COMMENT ON COLUMN reports.form IS 'dsn: a delivery status notification (RFC 3464); text: the prose of a server.';
COMMENT ON COLUMN reports.reporter IS 'The server that reports.';
COMMENT ON COLUMN reports.recipient IS 'Address to which the message was to be delivered.';
COMMENT ON COLUMN reports.action IS 'failed, delayed, delivered, relayed or expanded.';
COMMENT ON COLUMN reports.status IS 'Enhanced status code (RFC 3463), 5.1.1.';
COMMENT ON COLUMN reports.remote IS 'The server that answered.';
COMMENT ON COLUMN reports.diagnostic IS 'Its answer.';
COMMENT ON COLUMN reports.returned_id IS 'Message-ID of the message that is returned, without its brackets.';
