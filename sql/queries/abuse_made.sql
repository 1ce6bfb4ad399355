-- Records that the report $1 was made. A repeated one only counts.
INSERT INTO abuse_reports (report_id, made_at, last_made, last_seen, campaign_id, messages, guessed, contact, role, source)
VALUES ($1::text::uuid, $2, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (report_id) DO UPDATE SET last_made = greatest(abuse_reports.last_made, excluded.last_made), times = abuse_reports.times + 1
