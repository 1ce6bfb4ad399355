-- Takes the messages $1 out of campaigns, operations and decisions, and deletes learned values.
WITH hit AS (
    SELECT campaign_id, count(*) AS n FROM memberships
     WHERE message_key = ANY ($1::bigint[]) AND campaign_id IS NOT NULL GROUP BY campaign_id
), less AS (
    UPDATE campaigns c SET members = greatest(c.members - h.n, 0)
      FROM hit h WHERE c.campaign_id = h.campaign_id
    RETURNING c.campaign_id, c.operation_id
), traits AS (
    DELETE FROM campaign_traits t USING hit h WHERE t.campaign_id = h.campaign_id
), profiles AS (
    DELETE FROM campaign_profiles p USING hit h WHERE p.campaign_id = h.campaign_id
), learned AS (
    -- Hashes of values that the messages shared.
    DELETE FROM learned_values
), shared AS (
    DELETE FROM operation_traits o USING less l WHERE o.operation_id = l.operation_id
), decided AS (
    UPDATE decisions d
       SET messages = array(SELECT k FROM unnest(d.messages) AS k WHERE k <> ALL ($1)),
           others = array(SELECT k FROM unnest(d.others) AS k WHERE k <> ALL ($1)),
           moved = array(SELECT k FROM unnest(d.moved) AS k WHERE k <> ALL ($1))
     WHERE d.messages && $1 OR d.others && $1 OR d.moved && $1
)
SELECT count(*) FROM less
