-- The sums of a run's messages are computed in the select list, so that a list with a
-- LIMIT computes them for the runs that it shows and no others.
CREATE OR REPLACE VIEW spamruns_v AS
SELECT CASE WHEN NOT r.wanted THEN r.spamrun_id END AS spamrun_id,
       r.sender,
       r.started_at,
       r.ended_at,
       r.messages,
       round((greatest(r.messages, r.attempts) * 3600 / nullif(extract(epoch FROM r.ended_at - r.started_at), 0))::numeric, 1) AS rate,
       printable(r.target_domains) AS target_domains,
       r.recipients,
       r.broken AS broken_recipients,
       printable(r.servers) AS mx,
       (SELECT array_agg(DISTINCT m.mx_priority ORDER BY m.mx_priority)
          FROM memberships b
          JOIN messages m USING (message_key)
         WHERE b.spamrun_id = r.spamrun_id AND m.mx_priority IS NOT NULL) AS mx_priorities,
       (SELECT coalesce(array_agg('c' || c.campaign_id::text ORDER BY c.n DESC, c.campaign_id), '{}')
          FROM (SELECT b.campaign_id, count(*) AS n
                  FROM memberships b
                 WHERE b.spamrun_id = r.spamrun_id AND b.campaign_id IS NOT NULL
                 GROUP BY 1) AS c) AS campaigns,
       (SELECT printable(mode() WITHIN GROUP (ORDER BY h.zone))
          FROM memberships b
          JOIN messages m USING (message_key)
          JOIN hops h ON h.message_key = m.message_key AND h.n = m.boundary_hop
         WHERE b.spamrun_id = r.spamrun_id) AS zone,
       r.attempts,
       r.accepted,
       r.refused,
       r.deferred,
       r.lost,
       r.wanted,
       printable(r.method) AS method,
       r.coordinated_run_id,
       r.spamrun_id AS burst_id
  FROM spamruns r;

COMMENT ON VIEW spamruns_v IS 'One row per spamrun: one sender''s burst of at least two mails, stored or only logged, by their arrival at our own servers. Bursts that look like wanted mail have no spamrun_id. Those of one campaign: spamrun_id IN (SELECT spamrun_id FROM campaign_members WHERE campaign_id = ''c2''), since campaigns is worked out for each row.';
COMMENT ON COLUMN spamruns_v.spamrun_id IS 'number of the spamrun, as in campaign_members; made from the sender and the first arrival, so that it stays while the spamrun grows';
COMMENT ON COLUMN spamruns_v.sender IS 'the address that connected to our own servers';
COMMENT ON COLUMN spamruns_v.started_at IS 'arrival of its first message';
COMMENT ON COLUMN spamruns_v.ended_at IS 'arrival of its last message';
COMMENT ON COLUMN spamruns_v.messages IS 'stored messages in it';
COMMENT ON COLUMN spamruns_v.rate IS 'attempts (or messages, if they are more) per hour, from the first to the last; NULL if all came in one second';
COMMENT ON COLUMN spamruns_v.target_domains IS 'domains of the envelope recipients, that of most messages first; NULL if our own servers recorded no recipient';
COMMENT ON COLUMN spamruns_v.recipients IS 'distinct envelope recipients; NULL if our own servers recorded none';
COMMENT ON COLUMN spamruns_v.broken_recipients IS 'recipients that a list maker broke, as in broken_recipients_v; a guess by the form of the addresses if no log tells which exist. NULL if our own servers recorded no recipient';
COMMENT ON COLUMN spamruns_v.mx IS 'our own servers that took its messages, that of most messages first; NULL if that is not known';
COMMENT ON COLUMN spamruns_v.mx_priorities IS 'priorities of these among our mail exchangers, where the import was told (--mx); NULL otherwise';
COMMENT ON COLUMN spamruns_v.campaigns IS 'campaigns of its messages ("c2"), that of most messages first; empty if none is in one';
COMMENT ON COLUMN spamruns_v.zone IS 'time zone that our own servers wrote at its arrival, in which their logs probably are; NULL if none is recorded';
COMMENT ON COLUMN spamruns_v.attempts IS 'recipients tried, by log or message, each once';
COMMENT ON COLUMN spamruns_v.accepted IS 'of these, accepted';
COMMENT ON COLUMN spamruns_v.refused IS 'of these, refused';
COMMENT ON COLUMN spamruns_v.deferred IS 'of these, put off';
COMMENT ON COLUMN spamruns_v.lost IS 'of these, in sessions that broke before the end of data';
COMMENT ON COLUMN spamruns_v.wanted IS 'it looks like wanted mail: a list, a relay, a provider';
COMMENT ON COLUMN spamruns_v.method IS 'how the run was separated from the rest of its sender''s mail: burst (by time) or hands (by envelope senders too)';
COMMENT ON COLUMN spamruns_v.coordinated_run_id IS 'first of the runs of several senders that are one; NULL if it stands alone';
COMMENT ON COLUMN spamruns_v.burst_id IS 'spamrun_id, also of bursts that look like wanted mail';
