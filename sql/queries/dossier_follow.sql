-- The campaign that continues campaign $1: itself, or the one into which it was merged.
WITH RECURSIVE way AS (
    SELECT campaign_id, merged_into, 0 AS n FROM campaigns WHERE campaign_id = $1
    UNION ALL
    SELECT c.campaign_id, c.merged_into, n + 1 FROM way w JOIN campaigns c ON c.campaign_id = w.merged_into WHERE n < 1000
)
SELECT campaign_id FROM way ORDER BY n DESC LIMIT 1
