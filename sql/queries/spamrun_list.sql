-- The $3 spamruns of most messages, of those from sender network $1 and with messages of
-- campaign $2 (NULL: any), with how many there are, and their messages.
WITH chosen AS (
    SELECT spamrun_id, count(*) OVER () AS all_runs, (sum(messages) OVER ())::bigint AS all_messages
    FROM spamruns
    WHERE ($1::inet IS NULL OR sender <<= $1)
      AND ($2::bigint IS NULL OR spamrun_id IN (SELECT b.spamrun_id FROM memberships b WHERE b.campaign_id = $2 AND b.spamrun_id IS NOT NULL))
    ORDER BY messages DESC, started_at DESC, spamrun_id
    LIMIT $3
)
SELECT v.spamrun_id, v.sender, v.started_at, v.ended_at, v.messages, v.rate::float8 AS rate, v.target_domains, v.recipients,
       v.broken_recipients, v.mx, v.mx_priorities, v.campaigns, coalesce(v.zone, '') AS zone, chosen.all_runs, chosen.all_messages
FROM chosen
JOIN spamruns_v v USING (spamrun_id)
ORDER BY v.messages DESC, v.started_at DESC, v.spamrun_id
