CREATE OR REPLACE VIEW campaign_members AS
SELECT 'c' || c.campaign_id::text AS campaign_id,
       printable(m.message_id) AS message_id,
       encode(m.sha256, 'hex') AS sha256,
       b.spamrun_id,
       b.confidence,
       'o' || c.operation_id::text AS operation_id,
       b.assigned_at,
       b.received_at,
       b.message_key
FROM memberships b
JOIN messages m USING (message_key)
JOIN campaigns c USING (campaign_id);

COMMENT ON VIEW campaign_members IS 'One row per message in a campaign: members of the last complete run of the correlator, and messages that imports have added since. A message is in one campaign at most; wanted mail is in none.';
COMMENT ON COLUMN campaign_members.campaign_id IS 'the campaign''s id as the command line shows it ("c2"); it stays from run to run';
COMMENT ON COLUMN campaign_members.message_id IS 'Message-ID without its brackets; NULL if the message has none; several messages may claim the same';
COMMENT ON COLUMN campaign_members.sha256 IS 'SHA-256 of the message''s bytes in hex: its identity';
COMMENT ON COLUMN campaign_members.spamrun_id IS 'the sender''s burst that the message was part of (spamruns_v); NULL: it was part of none';
COMMENT ON COLUMN campaign_members.confidence IS 'that the message belongs to the others of its campaign, 0 to 1; NULL: put there by an older Spoor, which did not say';
COMMENT ON COLUMN campaign_members.operation_id IS 'the operation that the campaign belongs to ("o1"); NULL if none is known';
COMMENT ON COLUMN campaign_members.assigned_at IS 'when an import put the message there; the next run of the correlator decides anew. NULL: the run itself did';
COMMENT ON COLUMN campaign_members.received_at IS 'when our own server took the message; NULL if no hop can be believed or it bears no time';
COMMENT ON COLUMN campaign_members.message_key IS 'key that joins all views of messages';
