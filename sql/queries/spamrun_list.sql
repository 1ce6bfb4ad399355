-- The $3 largest spamruns from sender network $1, with messages of campaign $2, that ended since $4,
-- to domain $5, at server $6, and of run $7 and those coordinated with it. NULL means any. With $8, it
-- lists bursts of ham in place of spamruns. Each row has the totals of runs and messages.
WITH chosen AS (
    SELECT spamrun_id, count(*) OVER () AS all_runs, (sum(messages) OVER ())::bigint AS all_messages, servers
    FROM spamruns
    WHERE wanted = $8 AND ($1::inet IS NULL OR sender <<= $1)
      AND ($2::bigint IS NULL OR spamrun_id IN (
          SELECT b.spamrun_id FROM memberships b WHERE b.campaign_id = $2 AND b.spamrun_id IS NOT NULL
          UNION ALL
          SELECT d.spamrun_id FROM deliveries d JOIN memberships b USING (message_key) WHERE b.campaign_id = $2 AND d.spamrun_id IS NOT NULL))
      AND ($4::timestamptz IS NULL OR ended_at >= $4)
      AND ($5::text IS NULL OR $5 = ANY(target_domains))
      AND ($6::text IS NULL OR EXISTS (SELECT FROM unnest(servers) AS s WHERE s = $6 OR s LIKE $6 || '.%'))
      AND ($7::bigint IS NULL OR spamrun_id = $7 OR coordinated_run_id = (SELECT coordinated_run_id FROM spamruns WHERE spamrun_id = $7))
    ORDER BY greatest(messages, attempts) DESC, started_at DESC, spamrun_id
    LIMIT $3
)
SELECT v.burst_id AS spamrun_id, v.sender, v.started_at, v.ended_at, v.messages, v.rate::float8 AS rate, v.target_domains, v.recipients,
       v.broken_recipients, v.mx, v.mx_priorities, v.campaigns, coalesce(v.zone, '') AS zone, v.attempts, v.accepted, v.refused, v.deferred, v.lost,
       v.coordinated_run_id, coalesce(v.method, '') AS method, chosen.all_runs, chosen.all_messages
FROM chosen
JOIN spamruns_v v ON v.burst_id = chosen.spamrun_id
ORDER BY greatest(v.messages, v.attempts) DESC, v.started_at DESC, v.burst_id
