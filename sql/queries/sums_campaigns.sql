-- Sums up campaigns $1 (NULL: all) again, and drops the sums of those without members.
WITH members AS (
    SELECT b.campaign_id, b.spamrun_id, m.received_at, m.sender, m.subject
      FROM memberships b
      JOIN messages m USING (message_key)
     WHERE b.campaign_id IS NOT NULL AND ($1::bigint[] IS NULL OR b.campaign_id = ANY ($1))
), subjects AS (
    SELECT DISTINCT ON (campaign_id) campaign_id, subject, n, count(*) OVER (PARTITION BY campaign_id) AS subjects
      FROM (SELECT campaign_id, subject, count(*) AS n FROM members WHERE btrim(subject) <> '' GROUP BY campaign_id, subject) AS s
     ORDER BY campaign_id, n DESC, subject
), sums AS (
    SELECT campaign_id, count(*) AS messages, count(spamrun_id) AS in_runs, count(DISTINCT sender) AS senders, min(received_at) AS first_seen, max(received_at) AS last_seen
      FROM members
     GROUP BY campaign_id
), gone AS (
    DELETE FROM campaign_sums c
     WHERE ($1 IS NULL OR c.campaign_id = ANY ($1)) AND NOT EXISTS (SELECT FROM sums s WHERE s.campaign_id = c.campaign_id)
)
INSERT INTO campaign_sums AS c (campaign_id, messages, in_runs, senders, first_seen, last_seen, top_subject, top_messages, subjects)
SELECT s.campaign_id, s.messages, s.in_runs, s.senders, s.first_seen, s.last_seen, j.subject, coalesce(j.n, 0), coalesce(j.subjects, 0)
  FROM sums s
  LEFT JOIN subjects j USING (campaign_id)
ON CONFLICT (campaign_id) DO UPDATE
   SET (messages, in_runs, senders, first_seen, last_seen, top_subject, top_messages, subjects, stale)
     = (excluded.messages, excluded.in_runs, excluded.senders, excluded.first_seen, excluded.last_seen, excluded.top_subject, excluded.top_messages, excluded.subjects, false)
 WHERE (c.messages, c.in_runs, c.senders, c.first_seen, c.last_seen, c.top_subject, c.top_messages, c.subjects, c.stale)
       IS DISTINCT FROM (excluded.messages, excluded.in_runs, excluded.senders, excluded.first_seen, excluded.last_seen, excluded.top_subject, excluded.top_messages, excluded.subjects, false)
