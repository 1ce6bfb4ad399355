-- Addresses of senders and of links.
SELECT DISTINCT sender AS address FROM incidence WHERE sender IS NOT NULL
UNION
SELECT address FROM lookups WHERE task = 'netblock' AND address IS NOT NULL
