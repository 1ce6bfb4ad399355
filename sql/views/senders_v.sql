-- Sums are subqueries by sender, so that one sender is asked for by index.
CREATE OR REPLACE VIEW senders_v AS
SELECT g.sender,
       coalesce(s.messages, 0) AS messages,
       coalesce(s.ham, 0) AS ham,
       least(s.first_seen, g.first_seen) AS first_seen,
       greatest(s.last_seen, g.last_seen) AS last_seen,
       s.helo_names,
       printable(s.helo) AS helo,
       printable(s.reverse_name) AS reverse_name,
       s.from_addresses,
       s.reverse_name_now,
       s.confirmed,
       b.prefix AS netblock,
       printable(b.name) AS netblock_name,
       printable(b.owner) AS owner,
       printable(b.country) AS country,
       b.asn,
       printable(b.as_name) AS as_name,
       printable(b.abuse_email) AS abuse_email,
       b.confirmed_at AS looked_up_at,
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
  LEFT JOIN LATERAL (
        SELECT m.sender,
               count(*)                                        AS messages,
               count(*) FILTER (WHERE m.ham)                   AS ham,
               min(m.received_at)                              AS first_seen,
               max(m.received_at)                              AS last_seen,
               count(DISTINCT m.helo)                          AS helo_names,
               mode() WITHIN GROUP (ORDER BY m.helo)           AS helo,
               mode() WITHIN GROUP (ORDER BY m.reverse_name)   AS reverse_name,
               count(DISTINCT m.from_address)                  AS from_addresses,
               -- A confirmed name before others.
               (SELECT v.value FROM observed_values v
                 WHERE v.subject = host(m.sender) AND v.source = 'ptr' AND v.field IN ('ptr', 'ptr.confirmed') AND v.until IS NULL
                 ORDER BY v.field DESC, v.value LIMIT 1)       AS reverse_name_now,
               (SELECT bool_or(v.field = 'ptr.confirmed') FROM observed_values v
                 WHERE v.subject = host(m.sender) AND v.source = 'ptr' AND v.field IN ('ptr', 'ptr.confirmed') AND v.until IS NULL) AS confirmed
          FROM messages m
         WHERE m.sender = g.sender
         GROUP BY m.sender) AS s ON true
  -- An aggregate, so that the planner knows of one row and leaves it out where it is not asked for.
  LEFT JOIN LATERAL (
       SELECT (array_agg(k.prefix))[1] AS prefix, min(k.name) AS name, min(k.owner) AS owner, min(k.country) AS country,
              min(k.asns[1]) AS asn, min(k.as_names[1]) AS as_name, min(k.abuse_email) AS abuse_email, min(k.confirmed_at) AS confirmed_at
         FROM netblock_at(g.sender, now()) AS k) AS b ON true;

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
