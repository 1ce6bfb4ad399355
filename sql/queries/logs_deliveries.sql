-- Transactions with the keys $1.
SELECT delivery_key, message_key, spamrun_id, line, size, connected_at, started_at, ended_at, seen_at, last_seen_at, zone_seconds, pid, port, keyed, opened,
       closed, floating, sender, origin, direction, given_up, server, instance, file, queue_id, queue_ids, reverse_name, helo, protocol, login, return_path,
       message_id, apart
FROM deliveries
WHERE delivery_key = ANY($1::bigint[])
