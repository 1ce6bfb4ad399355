-- Which hosts have pages of one path, over all campaigns?
-- template text /secure/verify?id=: a path template (campaign-landing-pages)
-- days integer 7: days before the newest mail
SELECT p.campaign_id, p.host, count(DISTINCT p.message_key) AS messages, min(p.received_at) AS first_seen, max(p.received_at) AS last_seen
  FROM landing_pages_v p
 -- With both ends the server expects few messages, and finds them by index.
 WHERE p.received_at > :newest - make_interval(days => :days) AND p.received_at <= :newest
   -- Variable parts are * or 0 in a template. The text before the first one is looked for first.
   AND strpos(p.url_raw, substring(:template FROM '^[^*0?]*')) > 0 AND p.path_template = :template
 GROUP BY p.campaign_id, p.host
 ORDER BY messages DESC, p.host
 LIMIT 50
