-- Counts and times come from an index alone, for all senders at once or for one. Names and netblocks
-- are subqueries of the select list, so that a list with a LIMIT looks them up for the senders that it
-- shows and no others.
CREATE OR REPLACE VIEW senders_v AS
SELECT g.sender,
       coalesce(s.messages, 0) AS messages,
       coalesce(s.ham, 0) AS ham,
       least(s.first_seen, g.first_seen) AS first_seen,
       greatest(s.last_seen, g.last_seen) AS last_seen,
       (SELECT count(DISTINCT m.helo) FROM messages m WHERE m.sender = g.sender HAVING count(*) > 0) AS helo_names,
       (SELECT printable(mode() WITHIN GROUP (ORDER BY m.helo)) FROM messages m WHERE m.sender = g.sender) AS helo,
       (SELECT printable(mode() WITHIN GROUP (ORDER BY m.reverse_name)) FROM messages m WHERE m.sender = g.sender) AS reverse_name,
       (SELECT count(DISTINCT m.from_address) FROM messages m WHERE m.sender = g.sender HAVING count(*) > 0) AS from_addresses,
       -- A confirmed name before others.
       (SELECT v.value FROM observed_values v
         WHERE v.subject = host(s.sender) AND v.source = 'ptr' AND v.field IN ('ptr', 'ptr.confirmed') AND v.until IS NULL
         ORDER BY v.field DESC, v.value LIMIT 1) AS reverse_name_now,
       (SELECT bool_or(v.field = 'ptr.confirmed') FROM observed_values v
         WHERE v.subject = host(s.sender) AND v.source = 'ptr' AND v.field IN ('ptr', 'ptr.confirmed') AND v.until IS NULL) AS confirmed,
       (SELECT k.prefix FROM netblock_at(g.sender, now()) AS k) AS netblock,
       (SELECT printable(k.name) FROM netblock_at(g.sender, now()) AS k) AS netblock_name,
       (SELECT printable(k.owner) FROM netblock_at(g.sender, now()) AS k) AS owner,
       (SELECT printable(k.country) FROM netblock_at(g.sender, now()) AS k) AS country,
       (SELECT k.asns[1] FROM netblock_at(g.sender, now()) AS k) AS asn,
       (SELECT printable(k.as_names[1]) FROM netblock_at(g.sender, now()) AS k) AS as_name,
       (SELECT printable(k.abuse_email) FROM netblock_at(g.sender, now()) AS k) AS abuse_email,
       (SELECT k.confirmed_at FROM netblock_at(g.sender, now()) AS k) AS looked_up_at,
       g.mails,
       g.attempts,
       g.refused,
       g.spamruns,
       printable(g.helo_class) AS helo_class,
       g.same_helo,
       g.zombie_bits,
       g.zombie_bits >= 3 AS probably_zombie,
       printable(g.reasons) AS zombie_reasons
  FROM (SELECT h.sender, h.mails, h.attempts, h.refused, h.spamruns, h.helo_class, h.same_helo, h.zombie_bits, h.reasons, h.first_seen, h.last_seen
          FROM sender_habits h
        UNION ALL
        SELECT DISTINCT m.sender, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::text, NULL::bigint, NULL::real, NULL::text[], NULL::timestamptz, NULL::timestamptz
          FROM messages m
         WHERE m.sender IS NOT NULL AND NOT EXISTS (SELECT FROM sender_habits h WHERE h.sender = m.sender)) AS g
  LEFT JOIN (
        SELECT m.sender,
               count(*)                        AS messages,
               count(*) FILTER (WHERE m.ham)   AS ham,
               min(m.received_at)              AS first_seen,
               max(m.received_at)              AS last_seen
          FROM messages m
         WHERE m.sender IS NOT NULL
         GROUP BY m.sender) AS s ON s.sender = g.sender;

COMMENT ON VIEW senders_v IS 'One row per address that connected to our own servers, by messages and logs: its mail, and its present data from registries and DNS.';
COMMENT ON COLUMN senders_v.sender IS 'The address.';
COMMENT ON COLUMN senders_v.messages IS 'Messages it sent, ham included.';
COMMENT ON COLUMN senders_v.ham IS 'Of these, wanted mail.';
COMMENT ON COLUMN senders_v.first_seen IS 'When our own servers saw the first mail of it; NULL if neither message nor log tells.';
COMMENT ON COLUMN senders_v.last_seen IS 'When our own servers saw the last mail of it; NULL if neither message nor log tells.';
COMMENT ON COLUMN senders_v.helo_names IS 'Distinct HELO names it gave.';
COMMENT ON COLUMN senders_v.helo IS 'The HELO name it gave most often.';
COMMENT ON COLUMN senders_v.reverse_name IS 'The reverse name recorded most often.';
COMMENT ON COLUMN senders_v.from_addresses IS 'Distinct From addresses in its messages.';
COMMENT ON COLUMN senders_v.reverse_name_now IS 'Its reverse name by the last look-up, a confirmed one before others; NULL if it has none or nobody asked.';
COMMENT ON COLUMN senders_v.confirmed IS 'Whether a reverse name leads back to the address; NULL if there is none.';
COMMENT ON COLUMN senders_v.netblock IS 'Smallest netblock that is known to hold it.';
COMMENT ON COLUMN senders_v.netblock_name IS 'Name of the netblock.';
COMMENT ON COLUMN senders_v.owner IS 'Holder of the netblock.';
COMMENT ON COLUMN senders_v.country IS 'Country of the netblock, ISO 3166-1 alpha-2.';
COMMENT ON COLUMN senders_v.asn IS 'Number of the autonomous system that announces it; the first of several.';
COMMENT ON COLUMN senders_v.as_name IS 'Name of the autonomous system.';
COMMENT ON COLUMN senders_v.abuse_email IS 'Address for abuse reports.';
COMMENT ON COLUMN senders_v.looked_up_at IS 'When a registry last told of the netblock.';
COMMENT ON COLUMN senders_v.mails IS 'Transactions in logs, and messages of which no log tells; NULL until runs were looked for.';
COMMENT ON COLUMN senders_v.attempts IS 'Recipients it tried.';
COMMENT ON COLUMN senders_v.refused IS 'Of these, refused.';
COMMENT ON COLUMN senders_v.spamruns IS 'Spamruns of it.';
COMMENT ON COLUMN senders_v.helo_class IS 'Class of its HELO names: name, number, word, literal or pool.';
COMMENT ON COLUMN senders_v.same_helo IS 'Other senders that introduced themselves by a name of its.';
COMMENT ON COLUMN senders_v.zombie_bits IS 'Odds that it is a machine that somebody took over, in bits: 4 is 16 to 1; negative speaks against it.';
COMMENT ON COLUMN senders_v.probably_zombie IS 'These odds are 8 to 1 or more.';
COMMENT ON COLUMN senders_v.zombie_reasons IS 'Grounds for and against it, each with its bits.';
