-- +goose Up

-- Pages and questions at a million messages: what they read stands together, or is summed up.

-- The newest members of a campaign, and when it sent, are found without its messages.
ALTER TABLE memberships ADD received_at timestamptz;
UPDATE memberships b SET received_at = m.received_at FROM messages m WHERE m.message_key = b.message_key AND m.received_at IS NOT NULL;
COMMENT ON COLUMN memberships.received_at IS 'As messages.received_at.';
DROP INDEX memberships_campaign;
CREATE INDEX memberships_campaign ON memberships (campaign_id, received_at DESC NULLS LAST, message_key) INCLUDE (spamrun_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX memberships_received_at ON memberships (received_at, campaign_id) WHERE campaign_id IS NOT NULL;

-- How many messages are stored is known from the imports, but for those that changed sides.
ALTER TABLE imports ADD moved bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN imports.moved IS 'Of the stored messages of this import, those that are of the other class by now.';
UPDATE imports i
   SET moved = c.n
  FROM (SELECT m.import_id, count(*) AS n FROM messages m JOIN imports o USING (import_id) WHERE m.ham <> (o.class = 'ham') GROUP BY m.import_id) AS c
 WHERE i.import_id = c.import_id;

ALTER TABLE campaign_sums ADD in_runs bigint NOT NULL DEFAULT 0;
ALTER TABLE campaign_sums ADD subjects bigint NOT NULL DEFAULT 0;
ALTER TABLE campaign_sums ADD top_messages bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN campaign_sums.in_runs IS 'Messages that are part of a spamrun, as of the last run.';
COMMENT ON COLUMN campaign_sums.subjects IS 'Distinct subjects, as of the last run.';
COMMENT ON COLUMN campaign_sums.top_messages IS 'Messages with the most frequent subject.';
COMMENT ON COLUMN campaign_sums.top_subject IS 'The most frequent subject that is not blank, as of the last run; NULL if none has one.';

UPDATE campaign_sums c
   SET (in_runs, subjects, top_messages) = (SELECT count(b.spamrun_id), count(DISTINCT m.subject), count(*) FILTER (WHERE m.subject = c.top_subject)
                                              FROM memberships b JOIN messages m USING (message_key) WHERE b.campaign_id = c.campaign_id);

ALTER TABLE campaign_domains ADD shared text;
COMMENT ON COLUMN campaign_domains.shared IS 'Why the domain, or a host of it, is no one''s alone; NULL if it is.';
UPDATE campaign_domains c
   SET shared = u.shared
  FROM (SELECT b.campaign_id, coalesce(u.domain, u.host) AS domain, max(u.shared) AS shared FROM urls u JOIN memberships b USING (message_key) WHERE u.shared IS NOT NULL GROUP BY 1, 2) AS u
 WHERE c.campaign_id = u.campaign_id AND c.domain = u.domain;

-- Values of campaigns that have too many messages to go through each time. Those of other
-- campaigns are counted when somebody asks (campaign_values_v).
CREATE TABLE campaign_values (
    campaign_id bigint  NOT NULL,
    messages    bigint  NOT NULL CHECK (messages > 0),
    first_seen  timestamptz,
    last_seen   timestamptz,
    n           integer NOT NULL,
    kind        text    NOT NULL CHECK (kind IN ('sender', 'subject', 'day', 'link', 'host', 'contact', 'attachment', 'anomaly')),
    value       text    NOT NULL,
    details     text[],
    PRIMARY KEY (campaign_id, kind, n)
);
-- Which campaigns brought a file?
CREATE INDEX campaign_values_attachment ON campaign_values (printable(value)) WHERE kind = 'attachment';
COMMENT ON TABLE campaign_values IS 'One row per campaign of 1,000 messages or more, kind and value that its messages have, as of the last run. People read campaign_values_v.';
COMMENT ON COLUMN campaign_values.campaign_id IS 'The campaign.';
COMMENT ON COLUMN campaign_values.messages IS 'Its messages that have the value.';
COMMENT ON COLUMN campaign_values.first_seen IS 'When our servers received the first of them; NULL if no message tells.';
COMMENT ON COLUMN campaign_values.last_seen IS 'When our servers received the last of them; NULL if no message tells.';
COMMENT ON COLUMN campaign_values.n IS 'Place of the value among those of its kind, the one of most messages first.';
COMMENT ON COLUMN campaign_values.kind IS 'sender, subject, day, link, host, contact, attachment or anomaly.';
COMMENT ON COLUMN campaign_values.value IS 'The value.';
COMMENT ON COLUMN campaign_values.details IS 'What else is told of it, by kind.';

CREATE INDEX campaign_sums_shown ON campaign_sums (('c' || campaign_id::text));

-- Messages with an anomaly, the senders of most mail, the newest domains.
CREATE INDEX anomalies_code ON anomalies (code);
CREATE INDEX sender_habits_mails ON sender_habits (mails DESC, sender);
CREATE INDEX domains_first_mail ON domains (first_mail);
