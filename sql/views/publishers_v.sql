CREATE OR REPLACE VIEW publishers_v AS
SELECT p.publisher_id,
       printable(p.name) AS publisher,
       s.messages, s.first_seen, s.last_seen, s.senders,
       CASE WHEN 10 * p.listed >= 9 * p.messages THEN 'list mail' ELSE 'regular issues' END AS recognised_by,
       p.listed AS list_messages,
       p.days
  FROM publishers p
  JOIN (SELECT i.publisher_id, count(*) AS messages, min(m.received_at) AS first_seen, max(m.received_at) AS last_seen, count(DISTINCT m.sender) AS senders
          FROM publisher_issues i
          JOIN messages m USING (message_key)
         GROUP BY i.publisher_id) AS s USING (publisher_id);

COMMENT ON VIEW publishers_v IS 'One row per publisher: one address that sends regular issues, whose mail is set aside from campaigns, as of the last complete run of the correlator.';
COMMENT ON COLUMN publishers_v.publisher_id IS 'number of the publisher; made from its address, so that it stays from run to run';
COMMENT ON COLUMN publishers_v.publisher IS 'the From address of its issues, or their From domain if each has an address of its own';
COMMENT ON COLUMN publishers_v.messages IS 'issues that are stored';
COMMENT ON COLUMN publishers_v.first_seen IS 'when our servers received the first of them; NULL if no message tells';
COMMENT ON COLUMN publishers_v.last_seen IS 'when our servers received the last of them; NULL if no message tells';
COMMENT ON COLUMN publishers_v.senders IS 'distinct addresses that connected to our servers';
COMMENT ON COLUMN publishers_v.recognised_by IS 'list mail: nearly all issues name a list or a way to unsubscribe, and lead to the domain that they come from; regular issues: one address, one network, about one text a day';
COMMENT ON COLUMN publishers_v.list_messages IS 'issues that are list mail, as of the last run';
COMMENT ON COLUMN publishers_v.days IS 'days on which issues came, as of the last run';
