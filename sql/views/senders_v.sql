CREATE OR REPLACE VIEW senders_v AS
SELECT sender,
       count(*)                                          AS messages,
       count(*) FILTER (WHERE ham)                       AS ham,
       min(received_at)                                  AS first_seen,
       max(received_at)                                  AS last_seen,
       count(DISTINCT helo)                              AS helo_names,
       mode() WITHIN GROUP (ORDER BY helo)               AS helo,
       mode() WITHIN GROUP (ORDER BY reverse_name)       AS reverse_name,
       count(DISTINCT from_address)                      AS from_addresses
  FROM messages
 WHERE sender IS NOT NULL
 GROUP BY sender;

COMMENT ON VIEW senders_v IS 'One row per address that connected to our own servers.';
COMMENT ON COLUMN senders_v.sender IS 'The address.';
COMMENT ON COLUMN senders_v.messages IS 'Messages it sent, ham included.';
COMMENT ON COLUMN senders_v.ham IS 'Of these, wanted mail.';
COMMENT ON COLUMN senders_v.first_seen IS 'When our own servers took the first of them; NULL if no message tells.';
COMMENT ON COLUMN senders_v.last_seen IS 'When our own servers took the last of them; NULL if no message tells.';
COMMENT ON COLUMN senders_v.helo_names IS 'Distinct HELO names it gave.';
COMMENT ON COLUMN senders_v.helo IS 'The HELO name it gave most often.';
COMMENT ON COLUMN senders_v.reverse_name IS 'The reverse name recorded most often.';
COMMENT ON COLUMN senders_v.from_addresses IS 'Distinct From addresses in its messages.';
