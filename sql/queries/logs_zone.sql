-- Shifts the times of transactions of the file $1, logged without a zone, by $2 to UTC.
UPDATE deliveries
   SET connected_at = connected_at - $2::interval, started_at = started_at - $2::interval, ended_at = ended_at - $2::interval,
       seen_at = seen_at - $2::interval, last_seen_at = last_seen_at - $2::interval, zone_seconds = zone_seconds + $3::integer
 WHERE file = $1 AND floating AND zone_seconds = 0
