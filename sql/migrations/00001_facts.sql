-- +goose Up

-- Facts: what mail itself says.
--
-- Every table that grows with mail has message_key first in its primary key, has no
-- other unique constraint, no trigger and no foreign key, and is found by that key, so
-- that a server like Citus can spread the tables by it later. The key is computed by
-- the collector from the SHA-256 of the message, so that two collectors agree on it
-- without asking each other.
--
-- A fact is added once and never changed; only facts derived anew by a better extractor
-- take the place of older ones. Unknown is NULL, in text too: an empty string is never
-- stored. Columns of fixed width stand first, which saves their padding.
--
-- Secondary indexes are those that the questions "which messages have this address,
-- host, domain, contact, Message-ID, file" need, and no more. Together they cost 0.03 of
-- the 0.14 ms of the server that a message costs to store, and the two of urls 0.012 of
-- that; the others are lost in the noise (SPOOR_BENCH_DROP with BenchmarkStore shows it).

COMMENT ON TABLE spoor_migrations IS 'Migrations that were applied to this schema; kept by goose.';
COMMENT ON COLUMN spoor_migrations.id IS 'Order in which the migrations were applied.';
COMMENT ON COLUMN spoor_migrations.version_id IS 'Number of the migration; the highest is the version of the schema.';
COMMENT ON COLUMN spoor_migrations.is_applied IS 'Always true: migrations are never taken back.';
COMMENT ON COLUMN spoor_migrations.tstamp IS 'When it was applied (UTC).';

CREATE TABLE view_versions (
    name text PRIMARY KEY,
    hash text NOT NULL
);
COMMENT ON TABLE view_versions IS 'One row per set of views: which text of theirs is in the database, so that they are re-created only when it changed.';
COMMENT ON COLUMN view_versions.name IS 'Name of the set.';
COMMENT ON COLUMN view_versions.hash IS 'SHA-256, in hex, of the SQL text that created the views.';

CREATE TABLE imports (
    import_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz CHECK (finished_at >= started_at),
    class        text        NOT NULL CHECK (class IN ('spam', 'ham')),
    extractor    integer     NOT NULL,
    keeps_raw    boolean     NOT NULL,
    arguments    text[]      NOT NULL,
    own_names    text[]      NOT NULL,
    own_addrs    cidr[]      NOT NULL,
    own_mx       text[]      NOT NULL,
    own_inferred boolean     NOT NULL,
    read         bigint      NOT NULL DEFAULT 0 CHECK (read >= 0),
    added        bigint      NOT NULL DEFAULT 0 CHECK (added >= 0),
    known        bigint      NOT NULL DEFAULT 0 CHECK (known >= 0),
    failed       bigint      NOT NULL DEFAULT 0 CHECK (failed >= 0),
    bytes        bigint      NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    CHECK (finished_at IS NULL OR read = added + known + failed)
);
COMMENT ON TABLE imports IS 'One row per run of "collector import": what it was given, what it took for our own servers, and its sum (read = added + known + failed). The sum grows with every stored batch.';
COMMENT ON COLUMN imports.import_id IS 'Number of the run.';
COMMENT ON COLUMN imports.started_at IS 'When the run began.';
COMMENT ON COLUMN imports.finished_at IS 'When it came to its end; NULL while it runs, or if it was killed.';
COMMENT ON COLUMN imports.class IS 'What its messages are kept for: spam is evidence; ham is background for weighing and never in a campaign.';
COMMENT ON COLUMN imports.extractor IS 'Version of the rules by which it derived facts.';
COMMENT ON COLUMN imports.keeps_raw IS 'Whether it kept the messages themselves (see table raw).';
COMMENT ON COLUMN imports.arguments IS 'Paths and options as they were given.';
COMMENT ON COLUMN imports.own_names IS 'Names of the servers it took for our own; * stands for any run of characters.';
COMMENT ON COLUMN imports.own_addrs IS 'Addresses and networks of the servers it took for our own.';
COMMENT ON COLUMN imports.own_mx IS 'Those of our own servers that it was told are mail exchangers, each as NAME=PRIORITY.';
COMMENT ON COLUMN imports.own_inferred IS 'Whether our own servers were inferred from the mail instead of given.';
COMMENT ON COLUMN imports.read IS 'Items read: added + known + failed.';
COMMENT ON COLUMN imports.added IS 'Messages that were new.';
COMMENT ON COLUMN imports.known IS 'Messages that were stored already.';
COMMENT ON COLUMN imports.failed IS 'Items that could not be read as a message (see table failures).';
COMMENT ON COLUMN imports.bytes IS 'Bytes of mail read.';

CREATE TABLE sources (
    source_key   bigint PRIMARY KEY,
    first_import bigint NOT NULL,
    format       text,
    path         text NOT NULL
);
COMMENT ON TABLE sources IS 'One row per thing that messages were read from: an mbox, a Maildir, a folder, an archive, standard input.';
COMMENT ON COLUMN sources.source_key IS 'First eight bytes of the SHA-256 of the path, as a signed number.';
COMMENT ON COLUMN sources.first_import IS 'The run that saw it first.';
COMMENT ON COLUMN sources.format IS 'How it stored messages when it was first seen: mbox, maildir, mh, message.';
COMMENT ON COLUMN sources.path IS 'Path as given to the collector; "-" for standard input. Bytes that are not UTF-8 are replaced.';

CREATE TABLE messages (
    message_key     bigint  PRIMARY KEY,
    size            bigint  NOT NULL CHECK (size >= 0),
    import_id       bigint  NOT NULL,
    received_at     timestamptz,
    date            timestamptz,
    text_hash       bigint,
    text_length     integer NOT NULL CHECK (text_length >= 0),
    extractor       integer NOT NULL,
    boundary_hop    integer CHECK (boundary_hop >= 0),
    mx_priority     integer CHECK (mx_priority >= 0),
    ham             boolean NOT NULL,
    sha256          bytea   NOT NULL CHECK (octet_length(sha256) = 32),
    sender          inet,
    helo            text,
    reverse_name    text,
    reverse_state   text    CHECK (reverse_state IN ('given', 'unknown')),
    accepted_by     text,
    message_id      text,
    subject         text,
    subject_key     text,
    from_name       text,
    from_address    text,
    sender_field    text,
    return_path     text,
    reply_to        text[],
    to_addresses    text[],
    recipients      text[],
    date_raw        text,
    mailer          text,
    list_id         text,
    header_names    text,
    mime_skeleton   text,
    boundary_form   text,
    message_id_form text,
    CHECK (reverse_name IS NULL OR reverse_state = 'given')
);
-- A row with a long list of header names is over the 2 kB at which PostgreSQL starts to
-- compress; leaving such rows whole costs a little room and saves that time.
ALTER TABLE messages SET (toast_tuple_target = 8160);
CREATE INDEX messages_received_at ON messages (received_at);
CREATE INDEX messages_sender ON messages (sender);
-- A hash index takes a Message-ID of any length.
CREATE INDEX messages_message_id ON messages USING hash (message_id);
-- Messages lie in the table in the order of their imports, so that a few bytes per
-- range of pages find those of one import.
CREATE INDEX messages_import_id ON messages USING brin (import_id);
COMMENT ON TABLE messages IS 'One row per distinct message (by the SHA-256 of its bytes): what its header, its body as a whole and its trusted hops say.';
COMMENT ON COLUMN messages.message_key IS 'First eight bytes of sha256 as a signed number, or the next free number where another message has that one.';
COMMENT ON COLUMN messages.size IS 'Bytes of the message.';
COMMENT ON COLUMN messages.import_id IS 'The run that stored it first.';
COMMENT ON COLUMN messages.received_at IS 'When our own server took it, by the boundary hop; NULL if no hop can be believed or it bears no time.';
COMMENT ON COLUMN messages.date IS 'Date field, as far as it is a date: a claim.';
COMMENT ON COLUMN messages.text_hash IS 'Hash of the normal text of the body; equal text, equal hash. NULL if there is too little to compare.';
COMMENT ON COLUMN messages.text_length IS 'Characters of the normal text of the body.';
COMMENT ON COLUMN messages.extractor IS 'Version of the rules by which its facts were derived.';
COMMENT ON COLUMN messages.boundary_hop IS 'Number of the last hop that our own servers wrote (hops.n); its client is the sender. NULL if none can be believed.';
COMMENT ON COLUMN messages.ham IS 'Wanted mail: background for weighing, never in a campaign. The class under which it was first stored stands.';
COMMENT ON COLUMN messages.sha256 IS 'SHA-256 of its bytes: its identity.';
COMMENT ON COLUMN messages.sender IS 'Address of the client that connected to our own servers, by the boundary hop.';
COMMENT ON COLUMN messages.helo IS 'HELO or EHLO name that the sender gave.';
COMMENT ON COLUMN messages.reverse_name IS 'Reverse name of the sender, as our server found it.';
COMMENT ON COLUMN messages.reverse_state IS 'given: our server recorded a reverse name; unknown: it looked and found none; NULL: it recorded neither.';
COMMENT ON COLUMN messages.accepted_by IS 'Name of our own server that took it from the sender.';
COMMENT ON COLUMN messages.mx_priority IS 'Priority of that server among our mail exchangers, where the import was told; NULL otherwise.';
COMMENT ON COLUMN messages.message_id IS 'Message-ID without its brackets.';
COMMENT ON COLUMN messages.subject IS 'Subject, decoded.';
COMMENT ON COLUMN messages.subject_key IS 'Subject in a normal form for comparison: without Re:, digits, case, and blanks at the ends.';
COMMENT ON COLUMN messages.from_name IS 'Display name in From, decoded.';
COMMENT ON COLUMN messages.from_address IS 'Address in From.';
COMMENT ON COLUMN messages.sender_field IS 'Address in the Sender field (not the sender of the connection).';
COMMENT ON COLUMN messages.return_path IS 'Envelope sender as the Return-Path field has it.';
COMMENT ON COLUMN messages.reply_to IS 'Addresses in Reply-To.';
COMMENT ON COLUMN messages.to_addresses IS 'Addresses in To and Cc.';
COMMENT ON COLUMN messages.recipients IS 'Envelope recipients that our own servers recorded (Delivered-To, "for" in a hop, and the like).';
COMMENT ON COLUMN messages.date_raw IS 'Date field as it stands.';
COMMENT ON COLUMN messages.mailer IS 'X-Mailer or User-Agent.';
COMMENT ON COLUMN messages.list_id IS 'List-Id.';
COMMENT ON COLUMN messages.header_names IS 'Names of the header fields in their order and case, joined by commas: the habit of the mailer. At most 2 KiB.';
COMMENT ON COLUMN messages.mime_skeleton IS 'Nested media types, such as multipart/alternative(text/plain,text/html).';
COMMENT ON COLUMN messages.boundary_form IS 'First MIME boundary as a pattern of character classes.';
COMMENT ON COLUMN messages.message_id_form IS 'Message-ID as a pattern of character classes.';

CREATE TABLE raw (
    message_key bigint  PRIMARY KEY,
    cut         boolean NOT NULL,
    data        bytea   NOT NULL
);
-- It is compressed already.
ALTER TABLE raw ALTER data SET STORAGE EXTERNAL;
COMMENT ON TABLE raw IS 'One row per message that is kept as evidence; none for an import with --no-raw.';
COMMENT ON COLUMN raw.message_key IS 'The message (messages.message_key).';
COMMENT ON COLUMN raw.cut IS 'Only the first part of a message over the size limit was kept.';
COMMENT ON COLUMN raw.data IS 'The message, byte for byte, compressed by zstd.';

CREATE TABLE places (
    message_key bigint NOT NULL,
    place_key   bigint NOT NULL,
    source_key  bigint NOT NULL,
    byte_offset bigint NOT NULL CHECK (byte_offset >= 0),
    length      bigint NOT NULL,
    import_id   bigint NOT NULL,
    name        text,
    flags       text,
    PRIMARY KEY (message_key, place_key)
);
COMMENT ON TABLE places IS 'One row per place at which a message was seen, each once, however often it was read.';
COMMENT ON COLUMN places.message_key IS 'The message (messages.message_key).';
COMMENT ON COLUMN places.place_key IS 'First eight bytes of the SHA-256 of path, name and offset: names the place, whatever its length.';
COMMENT ON COLUMN places.source_key IS 'The mbox, folder or archive (sources.source_key).';
COMMENT ON COLUMN places.byte_offset IS 'Byte at which the message starts, in the decompressed stream; 0 for a file of its own.';
COMMENT ON COLUMN places.length IS 'Bytes of the message as it is stored there.';
COMMENT ON COLUMN places.import_id IS 'The run that saw it there first.';
COMMENT ON COLUMN places.name IS 'Name within the source: file of a Maildir, MH or other folder, member of an archive; NULL for an mbox.';
COMMENT ON COLUMN places.flags IS 'Maildir flags, or letters of mbox Status and X-Status, when it was first seen there.';

CREATE TABLE hops (
    message_key   bigint  NOT NULL,
    n             integer NOT NULL,
    port          integer,
    at            timestamptz,
    trusted       boolean NOT NULL,
    authenticated boolean NOT NULL,
    address       inet,
    by_address    inet,
    helo          text,
    reverse_name  text,
    reverse_state text CHECK (reverse_state IN ('given', 'unknown')),
    ident         text,
    by_name       text,
    via           text,
    protocol      text,
    queue_id      text,
    recipient     text,
    envelope_from text,
    tls           text,
    zone          text,
    syntax        text,
    comment       text,
    raw           text NOT NULL,
    PRIMARY KEY (message_key, n)
);
CREATE INDEX hops_address ON hops (address) WHERE address IS NOT NULL;
COMMENT ON TABLE hops IS 'One row per Received field of a message, newest first.';
COMMENT ON COLUMN hops.message_key IS 'The message (messages.message_key).';
COMMENT ON COLUMN hops.n IS 'Order in the header, 0 at the top: the hop written last.';
COMMENT ON COLUMN hops.port IS 'Port of the client, where recorded.';
COMMENT ON COLUMN hops.at IS 'Time of the hop.';
COMMENT ON COLUMN hops.trusted IS 'Written by our own servers: at or above the trust boundary. What is not trusted is a claim.';
COMMENT ON COLUMN hops.authenticated IS 'The writing server says that the client logged in.';
COMMENT ON COLUMN hops.address IS 'Address of the client.';
COMMENT ON COLUMN hops.by_address IS 'Address of the writing server.';
COMMENT ON COLUMN hops.helo IS 'HELO or EHLO name that the client gave.';
COMMENT ON COLUMN hops.reverse_name IS 'Reverse name of the client, as the writing server found it.';
COMMENT ON COLUMN hops.reverse_state IS 'given: a reverse name is recorded; unknown: the server looked and found none; NULL: neither is recorded.';
COMMENT ON COLUMN hops.ident IS 'User by ident, or the account that the server notes.';
COMMENT ON COLUMN hops.by_name IS 'Name of the writing server.';
COMMENT ON COLUMN hops.via IS 'Link that the field names after "via".';
COMMENT ON COLUMN hops.protocol IS 'Protocol that the field names after "with".';
COMMENT ON COLUMN hops.queue_id IS 'Queue id of the writing server.';
COMMENT ON COLUMN hops.recipient IS 'Recipient that the field names after "for".';
COMMENT ON COLUMN hops.envelope_from IS 'Envelope sender, where the field records it.';
COMMENT ON COLUMN hops.tls IS 'TLS version and cipher as written.';
COMMENT ON COLUMN hops.zone IS 'Time zone as written.';
COMMENT ON COLUMN hops.syntax IS 'Whose format the field has: postfix, sendmail, exim, ...; NULL if not known.';
COMMENT ON COLUMN hops.comment IS 'What is left in comments and fits nowhere else.';
COMMENT ON COLUMN hops.raw IS 'The field, unfolded, at most 4 KiB.';

CREATE TABLE anomalies (
    message_key bigint  NOT NULL,
    n           integer NOT NULL,
    hop         integer CHECK (hop >= 0),
    code        text    NOT NULL,
    reason      text    NOT NULL,
    evidence    text,
    PRIMARY KEY (message_key, n)
);
COMMENT ON TABLE anomalies IS 'One row per thing in the header of a message that cannot be, or that honest servers do not write.';
COMMENT ON COLUMN anomalies.message_key IS 'The message (messages.message_key).';
COMMENT ON COLUMN anomalies.n IS 'Order of appearance.';
COMMENT ON COLUMN anomalies.hop IS 'The hop that shows it (hops.n); NULL if it is about the message.';
COMMENT ON COLUMN anomalies.code IS 'Which anomaly: short and stable.';
COMMENT ON COLUMN anomalies.reason IS 'What is wrong, in words.';
COMMENT ON COLUMN anomalies.evidence IS 'The bytes that show it.';

CREATE TABLE parts (
    message_key bigint  NOT NULL,
    n           integer NOT NULL,
    parent      integer CHECK (parent >= 0),
    size        bigint  NOT NULL CHECK (size >= 0),
    attachment  boolean NOT NULL,
    sha256      bytea   CHECK (octet_length(sha256) = 32),
    media_type  text,
    sniffed     text,
    charset     text,
    encoding    text,
    disposition text,
    name        text,
    outside     text,
    PRIMARY KEY (message_key, n)
);
CREATE INDEX parts_sha256 ON parts (sha256) WHERE attachment;
COMMENT ON TABLE parts IS 'One row per node of the MIME tree of a message.';
COMMENT ON COLUMN parts.message_key IS 'The message (messages.message_key).';
COMMENT ON COLUMN parts.n IS 'Order of appearance, 0 for the root.';
COMMENT ON COLUMN parts.parent IS 'The node that holds it (parts.n); NULL for the root.';
COMMENT ON COLUMN parts.size IS 'Decoded bytes.';
COMMENT ON COLUMN parts.attachment IS 'A leaf that a mail reader would offer to save.';
COMMENT ON COLUMN parts.sha256 IS 'SHA-256 of the decoded bytes; NULL for inner nodes.';
COMMENT ON COLUMN parts.media_type IS 'Declared media type.';
COMMENT ON COLUMN parts.sniffed IS 'Media type that the decoded bytes look like.';
COMMENT ON COLUMN parts.charset IS 'Declared character set.';
COMMENT ON COLUMN parts.encoding IS 'Declared Content-Transfer-Encoding.';
COMMENT ON COLUMN parts.disposition IS 'Declared disposition: attachment, inline.';
COMMENT ON COLUMN parts.name IS 'Declared file name: a claim, never a path to write to.';
COMMENT ON COLUMN parts.outside IS 'For text that no part declares: preamble, epilogue, rest, or inline for a file inside a text; NULL for declared parts.';

CREATE TABLE urls (
    message_key bigint  NOT NULL,
    n           integer NOT NULL,
    part        integer,
    via         integer CHECK (via >= 0),
    port        integer,
    count       integer NOT NULL CHECK (count > 0),
    address     inet,
    host        text,
    domain      text,
    shared      text,
    tenant      text,
    url         text,
    raw         text,
    found_in    text    NOT NULL,
    visible     text,
    notes       text[],
    PRIMARY KEY (message_key, n),
    CHECK (url IS NOT NULL OR raw IS NOT NULL)
);
CREATE INDEX urls_host ON urls (host) WHERE host IS NOT NULL;
CREATE INDEX urls_domain ON urls (domain) WHERE domain IS NOT NULL;
COMMENT ON TABLE urls IS 'One row per distinct link of a message: same text, same kind of place, same part.';
COMMENT ON COLUMN urls.message_key IS 'The message (messages.message_key).';
COMMENT ON COLUMN urls.n IS 'Order of appearance.';
COMMENT ON COLUMN urls.part IS 'The part it stands in (parts.n); NULL for the subject.';
COMMENT ON COLUMN urls.via IS 'The link whose redirector carried this one (urls.n); NULL if it stood there itself.';
COMMENT ON COLUMN urls.port IS 'Port, where it is not the one of its scheme.';
COMMENT ON COLUMN urls.count IS 'How often it stands there.';
COMMENT ON COLUMN urls.address IS 'The host, where that is an IP address.';
COMMENT ON COLUMN urls.host IS 'Host in its normal form: ASCII, lower case.';
COMMENT ON COLUMN urls.domain IS 'Registered domain by the public suffix list; NULL for addresses.';
COMMENT ON COLUMN urls.shared IS 'Why host or domain do not name one owner: shortener, hosting, storage, ...; NULL if nothing says so.';
COMMENT ON COLUMN urls.tenant IS 'Which customer of a shared host it is, by the labels or the first path segment that name one; NULL if it does not tell.';
COMMENT ON COLUMN urls.url IS 'Normal form (WHATWG URL Standard); NULL where the link has none.';
COMMENT ON COLUMN urls.raw IS 'As it was found, transfer encodings and entities resolved, where that differs from its normal form.';
COMMENT ON COLUMN urls.found_in IS 'Where it stood: text, a@href, img@src, form@action, css, comment, ...';
COMMENT ON COLUMN urls.visible IS 'What the reader saw in its place; NULL for nothing else.';
COMMENT ON COLUMN urls.notes IS 'Codes of what is odd about it.';

CREATE TABLE contacts (
    message_key bigint  NOT NULL,
    n           integer NOT NULL,
    part        integer,
    count       integer NOT NULL CHECK (count > 0),
    kind        text    NOT NULL,
    value       text    NOT NULL,
    raw         text,
    found_in    text    NOT NULL,
    notes       text[],
    PRIMARY KEY (message_key, n)
);
CREATE INDEX contacts_value ON contacts (value);
COMMENT ON TABLE contacts IS 'One row per distinct mail address or phone number that a message gives to its reader.';
COMMENT ON COLUMN contacts.message_key IS 'The message (messages.message_key).';
COMMENT ON COLUMN contacts.n IS 'Order of appearance.';
COMMENT ON COLUMN contacts.part IS 'The part it stands in (parts.n); NULL for the subject.';
COMMENT ON COLUMN contacts.count IS 'How often it stands there.';
COMMENT ON COLUMN contacts.kind IS 'mail or phone.';
COMMENT ON COLUMN contacts.value IS 'Normal form: address with its domain in lower case; E.164 where the country is known, else digits.';
COMMENT ON COLUMN contacts.raw IS 'As it was found, where that differs.';
COMMENT ON COLUMN contacts.found_in IS 'Where it stood: text, mailto, tel, ...';
COMMENT ON COLUMN contacts.notes IS 'Oddities, as codes: a phone number without country or with letters for digits; the coin of a wallet.';

CREATE TABLE defects (
    message_key bigint  NOT NULL,
    n           integer NOT NULL,
    part        integer CHECK (part >= 0),
    code        text    NOT NULL,
    detail      text,
    PRIMARY KEY (message_key, n)
);
COMMENT ON TABLE defects IS 'One row per departure of a message from the standards: a fact about who wrote it.';
COMMENT ON COLUMN defects.message_key IS 'The message (messages.message_key).';
COMMENT ON COLUMN defects.n IS 'Order of appearance.';
COMMENT ON COLUMN defects.part IS 'The part that shows it (parts.n); NULL for the header of the message.';
COMMENT ON COLUMN defects.code IS 'Which defect: short and stable.';
COMMENT ON COLUMN defects.detail IS 'The bytes that show it, or a count.';

-- What could not be read has no message to be spread by; it stays on one server.
CREATE TABLE failures (
    failure_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place_key       bigint NOT NULL UNIQUE,
    byte_offset     bigint NOT NULL,
    length          bigint NOT NULL,
    first_import    bigint NOT NULL,
    last_import     bigint NOT NULL,
    resolved_import bigint,
    path            text   NOT NULL,
    name            text,
    format          text,
    code            text   NOT NULL,
    reason          text   NOT NULL
);
COMMENT ON TABLE failures IS 'One row per place at which something could not be read as a message.';
COMMENT ON COLUMN failures.failure_id IS 'Number of the failure.';
COMMENT ON COLUMN failures.place_key IS 'Names the place, as places.place_key does.';
COMMENT ON COLUMN failures.byte_offset IS 'Byte at which it starts, in the decompressed stream.';
COMMENT ON COLUMN failures.length IS 'Its bytes, as far as they are known.';
COMMENT ON COLUMN failures.first_import IS 'The run that met it first.';
COMMENT ON COLUMN failures.last_import IS 'The run that met it last.';
COMMENT ON COLUMN failures.resolved_import IS 'The run that could read it after all; NULL while it stands.';
COMMENT ON COLUMN failures.path IS 'The source: an mbox, a folder, an archive.';
COMMENT ON COLUMN failures.name IS 'Name within the source.';
COMMENT ON COLUMN failures.format IS 'Format of the source, where known.';
COMMENT ON COLUMN failures.code IS 'Kind of failure: short and stable.';
COMMENT ON COLUMN failures.reason IS 'What is wrong, in words.';
