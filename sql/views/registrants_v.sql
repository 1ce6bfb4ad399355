CREATE OR REPLACE VIEW registrants_v AS
SELECT v.field,
       v.value,
       v.subject AS domain,
       min(v.since) AS first_seen,
       CASE WHEN bool_and(v.until IS NOT NULL) THEN max(v.until) END AS until,
       array_agg(DISTINCT v.source ORDER BY v.source) AS sources,
       (SELECT array_agg('c' || x.campaign_id::text ORDER BY x.messages DESC, x.campaign_id) FROM campaign_domains x WHERE x.domain = v.subject) AS campaigns
  FROM observed_values v
 WHERE v.field IN ('registrant.email', 'registrant.phone', 'registrant.name', 'registrant.organization', 'registrant.handle', 'registrant.street')
 GROUP BY v.field, v.value, v.subject;

COMMENT ON VIEW registrants_v IS 'One row per thing by which a registrant is known and domain that has or had it: from an e-mail address, phone number, name or street to the domains and their campaigns. Ask by value. Names of privacy services are values, too.';
COMMENT ON COLUMN registrants_v.field IS 'registrant.email, .phone, .name, .organization, .handle or .street.';
COMMENT ON COLUMN registrants_v.value IS 'The value; e-mail addresses in lower case, phone numbers in E.164 where known.';
COMMENT ON COLUMN registrants_v.domain IS 'The domain.';
COMMENT ON COLUMN registrants_v.first_seen IS 'When a source first gave it.';
COMMENT ON COLUMN registrants_v.until IS 'When the last source stopped giving it; NULL while one does.';
COMMENT ON COLUMN registrants_v.sources IS 'Sources that ever gave it: rdap, whois, whois-registrar.';
COMMENT ON COLUMN registrants_v.campaigns IS 'Campaigns whose messages link to the domain, that of most messages first; NULL if none.';
