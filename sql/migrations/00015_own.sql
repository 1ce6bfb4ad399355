-- +goose Up

-- What a store was told of our own servers, for all mail in it.

CREATE TABLE own_servers (
    added_at timestamptz NOT NULL,
    kind     text NOT NULL CHECK (kind IN ('server', 'domain', 'exchanger')),
    pattern  text NOT NULL,
    PRIMARY KEY (kind, pattern)
);
COMMENT ON TABLE own_servers IS 'One row per thing that people said of our own servers. They hold for all mail, also for what was imported before.';
COMMENT ON COLUMN own_servers.added_at IS 'When it was said.';
COMMENT ON COLUMN own_servers.kind IS 'server: a name with *, an address or a network; domain: every server of a domain; exchanger: a mail exchanger and its priority.';
COMMENT ON COLUMN own_servers.pattern IS 'mx.example.com, 192.0.2.0/24; example.com; mx.example.com=10.';
