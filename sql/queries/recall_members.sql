-- About $2 members of campaign $1, at equal distances in time; all if there are not as many.
SELECT message_key
FROM (
    SELECT b.message_key, c.members, row_number() OVER (ORDER BY b.received_at DESC NULLS LAST, b.message_key) AS n
    FROM memberships b
    JOIN campaigns c USING (campaign_id)
    WHERE b.campaign_id = $1
) AS m
WHERE members <= $2::bigint OR n * $2 / members <> (n - 1) * $2 / members
