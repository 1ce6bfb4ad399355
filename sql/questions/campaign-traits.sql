-- What holds a campaign together?
-- campaign campaign c1: the campaign
SELECT kind, value, members, elsewhere, ham, round(bits::numeric, 1)::float8 AS bits
  FROM campaign_traits_v
 WHERE campaign_id = :campaign
 ORDER BY n
