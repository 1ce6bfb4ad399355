CREATE OR REPLACE VIEW netblocks_v AS
SELECT n.prefix,
       n.first,
       n.last,
       printable(n.name) AS name,
       printable(n.owner) AS owner,
       printable(n.country) AS country,
       printable(n.registry) AS registry,
       printable(n.abuse_email) AS abuse_email,
       o.asns,
       printable(o.names) AS as_names,
       s.senders,
       s.messages,
       printable(n.handle) AS handle,
       printable(n.status) AS status,
       n.created,
       n.updated,
       n.source,
       printable(n.server) AS server,
       n.asked_at,
       n.confirmed_at,
       n.fresh_until
  FROM (SELECT DISTINCT ON (prefix) * FROM netblocks WHERE ended_at IS NULL
         ORDER BY prefix, confirmed_at DESC, asked_at DESC) AS n
  LEFT JOIN LATERAL (
       SELECT o.asns, o.names FROM origins o WHERE o.prefix >>= n.first
        ORDER BY masklen(o.prefix) DESC, o.confirmed_at DESC LIMIT 1) AS o ON true
  LEFT JOIN LATERAL (
       SELECT count(DISTINCT m.sender) AS senders, count(*) AS messages FROM messages m
        WHERE m.sender >= host(n.prefix)::inet AND m.sender <= host(broadcast(n.prefix))::inet) AS s ON true;

COMMENT ON VIEW netblocks_v IS 'One row per prefix of a netblock named by a registry, as last answered: its holder, and the mail sent from it.';
COMMENT ON COLUMN netblocks_v.prefix IS 'The prefix; a block that is no prefix has a row for each of its prefixes.';
COMMENT ON COLUMN netblocks_v.first IS 'First address of the whole block.';
COMMENT ON COLUMN netblocks_v.last IS 'Last address of the whole block.';
COMMENT ON COLUMN netblocks_v.name IS 'Name of the block.';
COMMENT ON COLUMN netblocks_v.owner IS 'Holder of the netblock.';
COMMENT ON COLUMN netblocks_v.country IS 'Country, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN netblocks_v.registry IS 'Registry that gave it out.';
COMMENT ON COLUMN netblocks_v.abuse_email IS 'Address for abuse reports.';
COMMENT ON COLUMN netblocks_v.asns IS 'Numbers of the autonomous systems that announce its first address.';
COMMENT ON COLUMN netblocks_v.as_names IS 'Names of these.';
COMMENT ON COLUMN netblocks_v.senders IS 'Addresses in the prefix that sent mail to our own servers.';
COMMENT ON COLUMN netblocks_v.messages IS 'Messages that they sent.';
COMMENT ON COLUMN netblocks_v.handle IS 'The registry''s name of the entry.';
COMMENT ON COLUMN netblocks_v.status IS 'Kind of assignment, in the registry''s words.';
COMMENT ON COLUMN netblocks_v.created IS 'When the block was given out, by the registry.';
COMMENT ON COLUMN netblocks_v.updated IS 'When its entry was last changed.';
COMMENT ON COLUMN netblocks_v.source IS 'Source of the answer: whois-ip, rdap-ip, table.';
COMMENT ON COLUMN netblocks_v.server IS 'The server asked.';
COMMENT ON COLUMN netblocks_v.asked_at IS 'When it was first answered so.';
COMMENT ON COLUMN netblocks_v.confirmed_at IS 'When it was last answered so.';
COMMENT ON COLUMN netblocks_v.fresh_until IS 'Until then no address inside is asked about.';
