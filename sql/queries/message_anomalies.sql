-- Anomalies of the header of message $1.
SELECT coalesce(hop, -1) AS hop, code, reason, coalesce(evidence, '') AS evidence
FROM anomalies
WHERE message_key = $1
ORDER BY n
