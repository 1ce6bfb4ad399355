-- Files the messages $1 as ham or spam ($2) again. Their evidence is derived anew; ham leaves
-- campaigns, spamruns and publishers.
WITH changed AS (
    UPDATE messages SET ham = $2 WHERE message_key = ANY ($1::bigint[]) AND ham <> $2 RETURNING message_key, import_id
), sides AS (
    UPDATE imports i
       SET moved = i.moved + CASE WHEN (i.class = 'ham') = $2 THEN -c.n ELSE c.n END
      FROM (SELECT import_id, count(*) AS n FROM changed GROUP BY import_id) AS c
     WHERE i.import_id = c.import_id
), evidence AS (
    DELETE FROM incidence e USING changed c WHERE e.message_key = c.message_key
), left_out AS (
    -- Ham is in no campaign, nor in a spamrun.
    DELETE FROM memberships b USING changed c WHERE $2 AND b.message_key = c.message_key RETURNING b.campaign_id
), issues AS (
    DELETE FROM publisher_issues i USING changed c WHERE $2 AND i.message_key = c.message_key
), less AS (
    UPDATE campaigns k SET members = greatest(k.members - l.n, 0)
      FROM (SELECT campaign_id, count(*) AS n FROM left_out WHERE campaign_id IS NOT NULL GROUP BY campaign_id) AS l
     WHERE k.campaign_id = l.campaign_id
)
SELECT count(*) FROM changed
