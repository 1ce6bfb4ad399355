-- Counts the values of campaigns $1 (NULL: all) of $2 messages or more, after their rows were deleted.
-- Smaller campaigns are counted on demand. OFFSET 0 makes the server take one campaign after another.
WITH put AS (
    INSERT INTO campaign_values (campaign_id, kind, n, value, details, messages, first_seen, last_seen)
    SELECT s.campaign_id, v.kind, v.place, v.value_raw, v.details, v.messages, v.first_seen, v.last_seen
      FROM campaign_sums s
     CROSS JOIN LATERAL (SELECT * FROM campaign_values_v x WHERE x.number = s.campaign_id OFFSET 0) AS v
     WHERE s.messages >= $2 AND ($1::bigint[] IS NULL OR s.campaign_id = ANY ($1))
    RETURNING campaign_id
)
UPDATE campaign_sums SET valued = true WHERE campaign_id IN (SELECT campaign_id FROM put)
