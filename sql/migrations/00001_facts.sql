-- +goose Up

-- Tables that grow with mail have message_key first in their primary key, so that a
-- server like Citus can spread them by it; nothing references them off that key. No
-- triggers: facts are added, never changed, and grants see to that.

CREATE TABLE imports (
    import_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    class       text NOT NULL CHECK (class IN ('spam', 'ham')),
    arguments   text[] NOT NULL,
    extractor   integer NOT NULL,
    own_names   text[] NOT NULL DEFAULT '{}',
    own_addrs   cidr[] NOT NULL DEFAULT '{}',
    own_inferred boolean NOT NULL DEFAULT false,
    read        bigint NOT NULL DEFAULT 0,
    added       bigint NOT NULL DEFAULT 0,
    known       bigint NOT NULL DEFAULT 0,
    failed      bigint NOT NULL DEFAULT 0,
    bytes       bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE imports IS 'One row per run of collector import: what it was given, what it took for our own servers, and its sum (read = added + known + failed).';

CREATE TABLE sources (
    source_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    path        text NOT NULL UNIQUE,
    format      text NOT NULL,
    first_import bigint NOT NULL
);
COMMENT ON TABLE sources IS 'One row per place that messages were read from: an mbox, a Maildir, an archive, "-" for standard input.';

CREATE TABLE messages (
    message_key   bigint PRIMARY KEY,
    sha256        bytea NOT NULL CHECK (octet_length(sha256) = 32),
    size          bigint NOT NULL CHECK (size >= 0),
    import_id     bigint NOT NULL,
    extractor     integer NOT NULL,
    ham           boolean NOT NULL,
    message_id    text,
    subject       text,
    subject_key   text,
    from_name     text,
    from_address  text,
    sender_field  text,
    reply_to      text[],
    return_path   text,
    to_addresses  text[],
    recipients    text[],
    date          timestamptz,
    date_raw      text,
    mailer        text,
    list_id       text,
    header_names  text,
    mime_skeleton text,
    boundary_form text,
    message_id_form text,
    text_hash     bigint,
    text_length   integer NOT NULL DEFAULT 0,
    received_at   timestamptz,
    sender        inet,
    helo          text,
    reverse_name  text,
    reverse_state text CHECK (reverse_state IN ('given', 'unknown')),
    boundary_hop  smallint,
    defects       text[]
);

CREATE TABLE raw (
    message_key bigint PRIMARY KEY,
    data        bytea NOT NULL,
    cut         boolean NOT NULL DEFAULT false
);
ALTER TABLE raw ALTER data SET STORAGE EXTERNAL;

CREATE TABLE places (
    message_key bigint NOT NULL,
    source_id   bigint NOT NULL,
    byte_offset bigint NOT NULL,
    name        text NOT NULL,
    length      bigint NOT NULL,
    flags       text,
    import_id   bigint NOT NULL,
    PRIMARY KEY (message_key, source_id, byte_offset, name)
);

CREATE TABLE hops (
    message_key   bigint NOT NULL,
    n             smallint NOT NULL,
    trust         "char" NOT NULL,
    helo          text,
    reverse_name  text,
    reverse_state text,
    address       inet,
    port          integer,
    ident         text,
    authenticated boolean NOT NULL,
    by_name       text,
    by_address    inet,
    protocol      text,
    queue_id      text,
    recipient     text,
    envelope_from text,
    tls           text,
    at            timestamptz,
    zone          text,
    syntax        text,
    raw           text NOT NULL,
    PRIMARY KEY (message_key, n)
);

CREATE TABLE anomalies (
    message_key bigint NOT NULL,
    n           smallint NOT NULL,
    hop         smallint,
    code        text NOT NULL,
    reason      text NOT NULL,
    evidence    text NOT NULL,
    PRIMARY KEY (message_key, n)
);

CREATE TABLE parts (
    message_key bigint NOT NULL,
    n           integer NOT NULL,
    parent      integer,
    media_type  text NOT NULL,
    sniffed     text,
    charset     text,
    encoding    text,
    disposition text,
    name        text,
    size        bigint NOT NULL,
    sha256      bytea,
    attachment  boolean NOT NULL,
    PRIMARY KEY (message_key, n)
);

CREATE TABLE urls (
    message_key bigint NOT NULL,
    n           integer NOT NULL,
    url         text NOT NULL,
    raw         text,
    host        text,
    address     inet,
    domain      text,
    shared      text,
    part        integer NOT NULL,
    found_in    text NOT NULL,
    visible     text,
    via         integer,
    notes       text[],
    count       integer NOT NULL,
    PRIMARY KEY (message_key, n)
);

CREATE TABLE contacts (
    message_key bigint NOT NULL,
    n           integer NOT NULL,
    kind        text NOT NULL,
    value       text NOT NULL,
    raw         text,
    part        integer NOT NULL,
    found_in    text NOT NULL,
    count       integer NOT NULL,
    PRIMARY KEY (message_key, n)
);

CREATE TABLE defects (
    message_key bigint NOT NULL,
    n           integer NOT NULL,
    code        text NOT NULL,
    part        integer NOT NULL,
    detail      text NOT NULL,
    PRIMARY KEY (message_key, n)
);

CREATE TABLE failures (
    failure_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    path        text NOT NULL,
    name        text NOT NULL,
    byte_offset bigint NOT NULL,
    length      bigint NOT NULL,
    code        text NOT NULL,
    reason      text NOT NULL,
    first_import bigint NOT NULL,
    last_import bigint NOT NULL,
    resolved_import bigint
);
