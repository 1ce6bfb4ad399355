-- Deletes the values of campaigns $1 (NULL: all): campaign_values_v counts them on demand again.
WITH gone AS (
    DELETE FROM campaign_values WHERE $1::bigint[] IS NULL OR campaign_id = ANY ($1)
)
UPDATE campaign_sums SET valued = false WHERE valued AND ($1 IS NULL OR campaign_id = ANY ($1))
