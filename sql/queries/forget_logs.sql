-- Deletes the transactions of messages $1 with their recipients, and explanations of addresses that no
-- other transaction has.
WITH theirs AS (
    SELECT delivery_key FROM deliveries WHERE message_key = ANY ($1::bigint[])
    UNION SELECT delivery_key FROM message_deliveries WHERE message_key = ANY ($1)
), matches AS (
    DELETE FROM message_deliveries WHERE message_key = ANY ($1)
), told AS (
    DELETE FROM recipients r USING theirs t WHERE r.delivery_key = t.delivery_key RETURNING r.address
), kinds AS (
    DELETE FROM recipient_kinds k USING told d
     WHERE k.address = d.address
       AND NOT EXISTS (SELECT FROM recipients r WHERE r.address = d.address AND r.delivery_key NOT IN (SELECT delivery_key FROM theirs))
)
DELETE FROM deliveries d USING theirs t WHERE d.delivery_key = t.delivery_key
