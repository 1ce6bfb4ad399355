-- Memberships of the previous run. Those that an import has assigned since count as none.
SELECT message_key AS message, coalesce(spamrun_id, 0) AS spamrun,
       CASE WHEN assigned_at IS NULL THEN coalesce(campaign_id, 0) ELSE 0 END AS campaign,
       CASE WHEN assigned_at IS NULL THEN coalesce(confidence, 0) ELSE 0 END AS confidence
FROM memberships
