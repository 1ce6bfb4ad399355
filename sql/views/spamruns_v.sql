-- What is told of a run's messages is asked for in the select list, so that a list with a
-- LIMIT works it out for the runs that it shows and no others.
CREATE OR REPLACE VIEW spamruns_v AS
SELECT r.spamrun_id,
       r.sender,
       r.started_at,
       r.ended_at,
       r.messages,
       round((r.messages * 3600 / nullif(extract(epoch FROM r.ended_at - r.started_at), 0))::numeric, 1) AS rate,
       (SELECT array_agg(printable(d.domain) ORDER BY d.n DESC, d.domain)
          FROM (SELECT lower(substring(a.address FROM '[^@]+$')) AS domain, count(*) AS n
                  FROM memberships b
                  JOIN messages m USING (message_key)
                 CROSS JOIN unnest(m.recipients) AS a (address)
                 WHERE b.spamrun_id = r.spamrun_id AND a.address LIKE '%@_%'
                 GROUP BY 1) AS d) AS target_domains,
       (SELECT nullif(count(DISTINCT lower(a.address)), 0)
          FROM memberships b
          JOIN messages m USING (message_key)
         CROSS JOIN unnest(m.recipients) AS a (address)
         WHERE b.spamrun_id = r.spamrun_id) AS recipients,
       -- Harvesters and mailers damage addresses: letters are lost at the beginning
       -- (usan.nobody@), "smtp", "0" or the domain itself stands before it
       -- (client.examplesusan.nobody@). The first needs the whole address to be told, which
       -- is looked for in the run itself.
       (WITH addresses AS (
            SELECT DISTINCT left(lower(a.address), 320) AS address
              FROM memberships b
              JOIN messages m USING (message_key)
             CROSS JOIN unnest(m.recipients) AS a (address)
             WHERE b.spamrun_id = r.spamrun_id AND a.address LIKE '_%@_%'
        ), halves AS (
            SELECT substring(address FROM '^(.*)@') AS local, substring(address FROM '[^@]+$') AS domain FROM addresses
        ), mended AS (
            SELECT local, domain,
                   regexp_replace(CASE WHEN starts_with(local, domain) THEN substr(local, length(domain) + 1) ELSE local END, '^(smtp|0)+(?=[a-z])', '') AS whole
              FROM halves
        ), tails AS (
            SELECT domain, substr(whole, 2) AS tail FROM mended WHERE length(whole) > 4
            UNION
            SELECT domain, substr(whole, 3) FROM mended WHERE length(whole) > 5
        )
        SELECT CASE WHEN count(*) > 0 THEN count(*) FILTER (WHERE local <> whole OR t.tail IS NOT NULL) END
          FROM mended
          LEFT JOIN tails t ON t.domain = mended.domain AND t.tail = mended.local) AS broken_recipients,
       (SELECT array_agg(printable(x.name) ORDER BY x.n DESC, x.name)
          FROM (SELECT m.accepted_by AS name, count(*) AS n
                  FROM memberships b
                  JOIN messages m USING (message_key)
                 WHERE b.spamrun_id = r.spamrun_id AND m.accepted_by IS NOT NULL
                 GROUP BY 1) AS x) AS mx,
       (SELECT array_agg(DISTINCT m.mx_priority ORDER BY m.mx_priority)
          FROM memberships b
          JOIN messages m USING (message_key)
         WHERE b.spamrun_id = r.spamrun_id AND m.mx_priority IS NOT NULL) AS mx_priorities,
       (SELECT coalesce(array_agg('c' || c.campaign_id ORDER BY c.n DESC, c.campaign_id), '{}')
          FROM (SELECT b.campaign_id, count(*) AS n
                  FROM memberships b
                 WHERE b.spamrun_id = r.spamrun_id AND b.campaign_id IS NOT NULL
                 GROUP BY 1) AS c) AS campaigns,
       (SELECT printable(mode() WITHIN GROUP (ORDER BY h.zone))
          FROM memberships b
          JOIN messages m USING (message_key)
          JOIN hops h ON h.message_key = m.message_key AND h.n = m.boundary_hop
         WHERE b.spamrun_id = r.spamrun_id) AS zone
  FROM spamruns r;

COMMENT ON VIEW spamruns_v IS 'One row per spamrun: one sender''s burst of at least two messages, by their arrival at our own servers, as of the last complete run of the correlator. Wanted mail is in none.';
COMMENT ON COLUMN spamruns_v.spamrun_id IS 'number of the spamrun, as in campaign_members; made from the sender and the first arrival, so that it stays while the spamrun grows';
COMMENT ON COLUMN spamruns_v.sender IS 'the address that connected to our own servers';
COMMENT ON COLUMN spamruns_v.started_at IS 'arrival of its first message';
COMMENT ON COLUMN spamruns_v.ended_at IS 'arrival of its last message';
COMMENT ON COLUMN spamruns_v.messages IS 'messages in it';
COMMENT ON COLUMN spamruns_v.rate IS 'messages per hour, from the first to the last; NULL if all came in one second';
COMMENT ON COLUMN spamruns_v.target_domains IS 'domains of the envelope recipients, that of most messages first; NULL if our own servers recorded no recipient';
COMMENT ON COLUMN spamruns_v.recipients IS 'distinct envelope recipients; NULL if our own servers recorded none';
COMMENT ON COLUMN spamruns_v.broken_recipients IS 'those of them that look damaged: "smtp", "0" or the domain stands before the address, or one or two letters that another recipient of the spamrun has are missing there; a guess by the form alone. NULL if our own servers recorded no recipient';
COMMENT ON COLUMN spamruns_v.mx IS 'our own servers that took its messages, that of most messages first; NULL if that is not known';
COMMENT ON COLUMN spamruns_v.mx_priorities IS 'priorities of these among our mail exchangers, where the import was told (--mx); NULL otherwise';
COMMENT ON COLUMN spamruns_v.campaigns IS 'campaigns of its messages ("c2"), that of most messages first; empty if none is in one';
COMMENT ON COLUMN spamruns_v.zone IS 'time zone that our own servers wrote at its arrival, in which their logs probably are; NULL if none is recorded';
