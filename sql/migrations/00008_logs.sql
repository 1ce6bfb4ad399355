-- +goose Up

-- What mail logs and queue listings say. Like the facts, these tables grow with mail; they
-- are spread by the transaction, for most transactions have no message.

CREATE TABLE deliveries (
    delivery_key  bigint  PRIMARY KEY,
    message_key   bigint,
    spamrun_id    bigint,
    line          bigint  NOT NULL,
    size          bigint,
    connected_at  timestamptz,
    started_at    timestamptz,
    ended_at      timestamptz,
    seen_at       timestamptz,
    last_seen_at  timestamptz,
    zone_seconds  integer NOT NULL,
    pid           integer,
    port          integer,
    accepted      integer NOT NULL,
    refused       integer NOT NULL,
    deferred      integer NOT NULL,
    lost          integer NOT NULL,
    keyed         boolean NOT NULL,
    opened        boolean NOT NULL,
    closed        boolean NOT NULL,
    floating      boolean NOT NULL,
    sender        inet,
    origin        text    NOT NULL CHECK (origin IN ('log', 'queue')),
    direction     text    CHECK (direction IN ('in', 'out', 'local')),
    given_up      text,
    server        text    NOT NULL,
    instance      text    NOT NULL,
    file          text    NOT NULL,
    queue_id      text,
    queue_ids     text[],
    reverse_name  text,
    helo          text,
    protocol      text,
    login         text,
    return_path   text,
    message_id    text,
    apart         jsonb
);
CREATE INDEX deliveries_started_at ON deliveries (started_at);
CREATE INDEX deliveries_sender ON deliveries (sender);
CREATE INDEX deliveries_message_key ON deliveries (message_key) WHERE message_key IS NOT NULL;
CREATE INDEX deliveries_spamrun ON deliveries (spamrun_id) WHERE spamrun_id IS NOT NULL;
CREATE INDEX deliveries_queue_id ON deliveries USING hash (queue_id);
CREATE INDEX deliveries_queue_ids ON deliveries USING gin (queue_ids) WHERE queue_ids IS NOT NULL;
CREATE INDEX deliveries_unopened ON deliveries (queue_id) WHERE NOT opened AND queue_id IS NOT NULL;
CREATE INDEX deliveries_message_id ON deliveries USING hash (message_id);
COMMENT ON TABLE deliveries IS 'One row per SMTP transaction at one of our servers, as logs and queue listings tell it.';
COMMENT ON COLUMN deliveries.delivery_key IS 'First eight bytes of a SHA-256 over what names the transaction for good.';
COMMENT ON COLUMN deliveries.message_key IS 'The stored message (messages.message_key); NULL if none is known.';
COMMENT ON COLUMN deliveries.spamrun_id IS 'The spamrun that it is in (spamruns.spamrun_id); NULL if none.';
COMMENT ON COLUMN deliveries.line IS 'Number of its first line in file, from 1.';
COMMENT ON COLUMN deliveries.size IS 'Bytes of the message, as logged.';
COMMENT ON COLUMN deliveries.connected_at IS 'When the client connected, where that is logged.';
COMMENT ON COLUMN deliveries.started_at IS 'First line that belongs to SMTP; NULL if it is in a file that was not read.';
COMMENT ON COLUMN deliveries.ended_at IS 'Last line that belongs to SMTP.';
COMMENT ON COLUMN deliveries.seen_at IS 'First line of any kind.';
COMMENT ON COLUMN deliveries.last_seen_at IS 'Last line of any kind.';
COMMENT ON COLUMN deliveries.zone_seconds IS 'How far east of UTC the clock was taken to be, of times that were logged without a zone; it is taken off already.';
COMMENT ON COLUMN deliveries.pid IS 'Process that spoke SMTP.';
COMMENT ON COLUMN deliveries.port IS 'Port of the client.';
COMMENT ON COLUMN deliveries.accepted IS 'Recipients accepted.';
COMMENT ON COLUMN deliveries.refused IS 'Recipients refused.';
COMMENT ON COLUMN deliveries.deferred IS 'Recipients put off.';
COMMENT ON COLUMN deliveries.lost IS 'Recipients of a session that broke before the end of data.';
COMMENT ON COLUMN deliveries.keyed IS 'Its key is for good; false for a tail of which nobody knows the beginning.';
COMMENT ON COLUMN deliveries.opened IS 'Its first line was read.';
COMMENT ON COLUMN deliveries.closed IS 'Its end was read.';
COMMENT ON COLUMN deliveries.floating IS 'It was logged by a wall clock whose zone nobody told.';
COMMENT ON COLUMN deliveries.sender IS 'Address of the client that connected.';
COMMENT ON COLUMN deliveries.origin IS 'log or queue: where it was read.';
COMMENT ON COLUMN deliveries.direction IS 'in, out or local; NULL if not known.';
COMMENT ON COLUMN deliveries.given_up IS 'What became of all recipients that were still waiting.';
COMMENT ON COLUMN deliveries.server IS 'Host that wrote the lines; "" if they do not tell.';
COMMENT ON COLUMN deliveries.instance IS 'Name under which the mail server logs.';
COMMENT ON COLUMN deliveries.file IS 'File of the first line.';
COMMENT ON COLUMN deliveries.queue_id IS 'Queue id of the first queue file; NULL for refusals before there was one.';
COMMENT ON COLUMN deliveries.queue_ids IS 'Queue ids of later ones: behind a content filter, or requeued.';
COMMENT ON COLUMN deliveries.reverse_name IS 'Reverse name of the client, as logged.';
COMMENT ON COLUMN deliveries.helo IS 'HELO name, as logged.';
COMMENT ON COLUMN deliveries.protocol IS 'SMTP, ESMTP, ESMTPS, ...';
COMMENT ON COLUMN deliveries.login IS 'User who logged in.';
COMMENT ON COLUMN deliveries.return_path IS 'Envelope sender as logged, "" for <>; NULL if the log does not tell.';
COMMENT ON COLUMN deliveries.message_id IS 'Message-ID without its brackets.';
COMMENT ON COLUMN deliveries.apart IS 'What it was before lines from other files were added that only its surroundings put here; NULL if there are none.';

CREATE TABLE recipients (
    delivery_key  bigint  NOT NULL,
    n             integer NOT NULL,
    line          bigint  NOT NULL,
    at            timestamptz,
    outcome_at    timestamptz,
    repeats       integer NOT NULL,
    code          integer,
    verdict       text    NOT NULL CHECK (verdict IN ('accepted', 'refused', 'deferred', 'lost')),
    address       text,
    reason        text,
    dsn           text,
    reply         text,
    outcome       text,
    outcome_dsn   text,
    outcome_reply text,
    via           text,
    told_by       text,
    PRIMARY KEY (delivery_key, n)
);
CREATE INDEX recipients_address ON recipients USING hash (address);
COMMENT ON TABLE recipients IS 'One row per recipient of a transaction.';
COMMENT ON COLUMN recipients.delivery_key IS 'The transaction (deliveries.delivery_key).';
COMMENT ON COLUMN recipients.n IS 'Order of time, from 0.';
COMMENT ON COLUMN recipients.line IS 'Line that gave the verdict, or the outcome of an accepted one.';
COMMENT ON COLUMN recipients.at IS 'When the verdict was given.';
COMMENT ON COLUMN recipients.outcome_at IS 'When the outcome was logged.';
COMMENT ON COLUMN recipients.repeats IS 'Lines that syslog folded into this one.';
COMMENT ON COLUMN recipients.code IS 'SMTP code of the reply; NULL if it is not logged.';
COMMENT ON COLUMN recipients.verdict IS 'What the client was told.';
COMMENT ON COLUMN recipients.address IS 'The recipient as the client gave it; NULL if the log does not tell.';
COMMENT ON COLUMN recipients.reason IS 'Class of a refusal.';
COMMENT ON COLUMN recipients.dsn IS 'Enhanced status code of the reply.';
COMMENT ON COLUMN recipients.reply IS 'The reply.';
COMMENT ON COLUMN recipients.outcome IS 'What became of an accepted one; NULL if it is not logged.';
COMMENT ON COLUMN recipients.outcome_dsn IS 'Enhanced status code of the outcome.';
COMMENT ON COLUMN recipients.outcome_reply IS 'What the next host or the delivery agent said.';
COMMENT ON COLUMN recipients.via IS 'Queue id under which it went on.';
COMMENT ON COLUMN recipients.told_by IS 'Queue id whose lines told the outcome, if it is not the first one.';

-- Stretches of log that go on where a transaction in another file stops, as they were read:
-- which one that is can change when more files are read.
CREATE TABLE log_tails (
    tail_key bigint PRIMARY KEY,
    server   text   NOT NULL,
    threads  text[] NOT NULL,
    data     jsonb  NOT NULL
);
CREATE INDEX log_tails_threads ON log_tails USING gin (threads);
COMMENT ON TABLE log_tails IS 'One row per stretch of log that was added to a transaction whose beginning is elsewhere.';
COMMENT ON COLUMN log_tails.tail_key IS 'Hash of what names the stretch.';
COMMENT ON COLUMN log_tails.server IS 'Host that wrote it.';
COMMENT ON COLUMN log_tails.threads IS 'Queue ids, or client and envelope sender, under which its beginning is looked for.';
COMMENT ON COLUMN log_tails.data IS 'The stretch as it was read.';

CREATE TABLE message_deliveries (
    message_key  bigint PRIMARY KEY,
    delivery_key bigint NOT NULL,
    score        real   NOT NULL
);
CREATE INDEX message_deliveries_delivery ON message_deliveries (delivery_key);
COMMENT ON TABLE message_deliveries IS 'One row per stored message of which a log tells. Copies of one mail share their transaction.';
COMMENT ON COLUMN message_deliveries.message_key IS 'The message (messages.message_key).';
COMMENT ON COLUMN message_deliveries.delivery_key IS 'The transaction that brought it (deliveries.delivery_key).';
COMMENT ON COLUMN message_deliveries.score IS 'How much speaks for it: queue id 4, Message-ID 4, sender, envelope sender, time and recipient 2 each.';

CREATE TABLE log_files (
    file          text    PRIMARY KEY,
    server        text,
    kind          text,
    first_at      timestamptz,
    last_at       timestamptz,
    lines         bigint  NOT NULL,
    unknown_lines bigint  NOT NULL,
    zone_seconds  integer,
    zone_basis    text,
    year_basis    text,
    shapes        jsonb   NOT NULL
);
COMMENT ON TABLE log_files IS 'One row per log file or queue listing, as it was last read.';
COMMENT ON COLUMN log_files.file IS 'Its path, and the name within an archive.';
COMMENT ON COLUMN log_files.server IS 'Host that wrote its first line.';
COMMENT ON COLUMN log_files.kind IS 'log, postqueue -p, postqueue -j, exim -bp; NULL for none of these.';
COMMENT ON COLUMN log_files.first_at IS 'Its earliest line.';
COMMENT ON COLUMN log_files.last_at IS 'Its latest line.';
COMMENT ON COLUMN log_files.lines IS 'Lines read, empty ones left out.';
COMMENT ON COLUMN log_files.unknown_lines IS 'Lines that were not understood.';
COMMENT ON COLUMN log_files.zone_seconds IS 'Seconds east of UTC of stamps without a zone; NULL if nothing told.';
COMMENT ON COLUMN log_files.zone_basis IS 'Who told: option, stamp, queue ids, joined messages; NULL for nobody.';
COMMENT ON COLUMN log_files.year_basis IS 'Where the year of stamps without one is from.';
COMMENT ON COLUMN log_files.shapes IS 'Shapes of lines that were not understood or are outside the subject: how often, and the first line of each.';

-- What the user says of our own addresses.
CREATE TABLE own_addresses (
    kind  text NOT NULL CHECK (kind IN ('domain', 'user')),
    value text NOT NULL,
    PRIMARY KEY (kind, value)
);
COMMENT ON TABLE own_addresses IS 'One row per domain or user that the user named as ours (collector import --own-domain, --users).';
COMMENT ON COLUMN own_addresses.kind IS 'domain or user.';
COMMENT ON COLUMN own_addresses.value IS 'The domain, the address, or a local part that exists in every domain.';

CREATE TABLE recipient_kinds (
    address    text PRIMARY KEY,
    kind       text NOT NULL,
    sure       real NOT NULL CHECK (sure BETWEEN 0 AND 1),
    made_from  text,
    kind_basis text CHECK (kind_basis IN ('list', 'accepted', 'compared'))
);
COMMENT ON TABLE recipient_kinds IS 'One row per address that mail was sent to: how it came to be. Worked out anew from all that is known.';
COMMENT ON COLUMN recipient_kinds.address IS 'The address in lower case, at most 320 characters of it.';
COMMENT ON COLUMN recipient_kinds.kind IS 'What was done to it.';
COMMENT ON COLUMN recipient_kinds.sure IS 'How sure that is, 0 to 1.';
COMMENT ON COLUMN recipient_kinds.made_from IS 'The real user that it was made from; NULL if nobody''s.';
COMMENT ON COLUMN recipient_kinds.kind_basis IS 'What that rests on; NULL for what the address alone tells.';

ALTER TABLE spamruns ADD attempts bigint NOT NULL DEFAULT 0;
ALTER TABLE spamruns ADD accepted bigint NOT NULL DEFAULT 0;
ALTER TABLE spamruns ADD refused bigint NOT NULL DEFAULT 0;
ALTER TABLE spamruns ADD deferred bigint NOT NULL DEFAULT 0;
ALTER TABLE spamruns ADD lost bigint NOT NULL DEFAULT 0;
ALTER TABLE spamruns ADD wanted boolean NOT NULL DEFAULT false;
ALTER TABLE spamruns ADD coordinated_run_id bigint;
ALTER TABLE spamruns ADD method text;
ALTER TABLE spamruns ADD target_domains text[];
ALTER TABLE spamruns ADD servers text[];
COMMENT ON COLUMN spamruns.attempts IS 'recipients tried, each once, by log or message';
COMMENT ON COLUMN spamruns.accepted IS 'of these, accepted';
COMMENT ON COLUMN spamruns.refused IS 'of these, refused';
COMMENT ON COLUMN spamruns.deferred IS 'of these, put off';
COMMENT ON COLUMN spamruns.lost IS 'of these, in sessions that broke';
COMMENT ON COLUMN spamruns.wanted IS 'it looks like wanted mail: a list, a relay, a provider';
COMMENT ON COLUMN spamruns.coordinated_run_id IS 'runs of several senders that are one; NULL if it stands alone';
COMMENT ON COLUMN spamruns.method IS 'how it was told from what else the sender sent';
COMMENT ON COLUMN spamruns.target_domains IS 'domains of its recipients, that of most first; foreign ones left out';
COMMENT ON COLUMN spamruns.servers IS 'our own servers that it came to, that of most mail first';
-- A run of refused mail has no message.
ALTER TABLE spamruns DROP CONSTRAINT spamruns_messages_check;
ALTER TABLE spamruns ADD CHECK (messages >= 0);
