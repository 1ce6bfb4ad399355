-- Campaign $1: totals, times and first message. A decision counts as a change of the campaign.
SELECT c.campaign_id AS id, c.weakest_bits, count(m.message_key) AS members, coalesce(avg(b.confidence), 0)::float8 AS confidence,
       coalesce(min(m.received_at), '0001-01-01 00:00:00Z') AS first_seen,
       coalesce(max(m.received_at), '0001-01-01 00:00:00Z') AS last_seen,
       coalesce((SELECT finished_at FROM correlations WHERE run_id = c.first_run), '0001-01-01 00:00:00Z') AS found,
       coalesce(greatest((SELECT max(finished_at) FROM correlations),
                         (SELECT max(coalesce(d.undone_at, d.made_at)) FROM decisions d WHERE c.campaign_id IN (d.campaign_id, d.other_id))), '0001-01-01 00:00:00Z') AS as_of,
       coalesce((array_agg(encode(m.sha256, 'hex') ORDER BY m.received_at NULLS LAST, m.sha256) FILTER (WHERE m.sha256 IS NOT NULL))[1], '') AS key,
       coalesce((SELECT d.value FROM decisions d
                  WHERE d.kind = 'name' AND d.campaign_id = c.campaign_id AND d.undone_at IS NULL ORDER BY d.decision_id DESC LIMIT 1), '') AS name
  FROM campaigns c
  LEFT JOIN memberships b ON b.campaign_id = c.campaign_id
  LEFT JOIN messages m USING (message_key)
 WHERE c.campaign_id = $1
 GROUP BY c.campaign_id, c.weakest_bits, c.first_run
