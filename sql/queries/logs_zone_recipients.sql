UPDATE recipients r
   SET at = at - $2::interval, outcome_at = outcome_at - $2::interval
  FROM deliveries d
 WHERE d.delivery_key = r.delivery_key AND d.file = $1 AND d.floating AND d.zone_seconds = 0 AND $3::integer <> 0
