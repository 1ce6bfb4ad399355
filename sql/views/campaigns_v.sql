CREATE OR REPLACE VIEW campaigns_v AS
SELECT 'c' || s.campaign_id::text AS campaign_id, s.messages, s.first_seen, s.last_seen, s.senders,
       printable(s.top_subject) AS top_subject,
       (SELECT printable(string_agg(d.domain || ' ' || d.messages, ', ' ORDER BY d.messages DESC, d.domain))
          FROM (SELECT domain, messages FROM campaign_domains x WHERE x.campaign_id = s.campaign_id ORDER BY messages DESC, domain LIMIT 3) AS d) AS top_link_domains,
       c.weakest_bits,
       'o' || c.operation_id::text AS operation_id,
       (SELECT printable(d.value) FROM decisions d
         WHERE d.campaign_id = s.campaign_id AND d.kind = 'name' AND d.undone_at IS NULL
         ORDER BY d.decision_id DESC LIMIT 1) AS name
  FROM campaigns c
  JOIN campaign_sums s USING (campaign_id);

COMMENT ON VIEW campaigns_v IS 'One row per campaign that has members, with those that imports put there since the last complete run of the correlator.';
COMMENT ON COLUMN campaigns_v.campaign_id IS 'the campaign''s id as the command line shows it ("c2"); it stays from run to run';
COMMENT ON COLUMN campaigns_v.messages IS 'messages in it';
COMMENT ON COLUMN campaigns_v.first_seen IS 'when our servers received the first of them; NULL if no message tells';
COMMENT ON COLUMN campaigns_v.last_seen IS 'when our servers received the last of them; NULL if no message tells';
COMMENT ON COLUMN campaigns_v.senders IS 'distinct addresses that connected to our servers, as of the last run';
COMMENT ON COLUMN campaigns_v.top_subject IS 'the most frequent subject, as a message has it, as of the last run; NULL if none has one';
COMMENT ON COLUMN campaigns_v.top_link_domains IS 'the three link domains in most messages, each with their number, including common ones; NULL if it links nowhere';
COMMENT ON COLUMN campaigns_v.weakest_bits IS 'bits by which its least sure message fits it better than anything else';
COMMENT ON COLUMN campaigns_v.operation_id IS 'the operation that it belongs to ("o1"); NULL if none is known';
COMMENT ON COLUMN campaigns_v.name IS 'the name that people gave it last; NULL if none';
