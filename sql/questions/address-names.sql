-- Which names pointed into a network, and when?
-- network inet 203.0.113.8: an address or a network
SELECT address, name, domain, first_seen, last_seen, current, source
  FROM resolutions_v
 WHERE address <<= :network
 ORDER BY first_seen, name
 LIMIT 200
