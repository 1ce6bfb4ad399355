-- Addresses that sent mail, and those that links lead to.
SELECT DISTINCT sender FROM incidence WHERE sender IS NOT NULL
UNION
SELECT address FROM lookups WHERE task = 'netblock' AND address IS NOT NULL
