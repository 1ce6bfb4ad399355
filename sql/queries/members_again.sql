-- Updates the arrival of messages $1 in their memberships, after a reparse changed it.
UPDATE memberships b
   SET received_at = m.received_at
  FROM messages m
 WHERE m.message_key = b.message_key AND b.message_key = ANY ($1::bigint[]) AND b.received_at IS DISTINCT FROM m.received_at
