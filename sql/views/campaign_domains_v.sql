CREATE OR REPLACE VIEW campaign_domains_v AS
SELECT 'c' || c.campaign_id::text AS campaign_id, x.domain, x.messages, x.first_seen, x.last_seen,
       d.created, d.registrar, d.ham > 0 AS in_ham
  FROM campaigns c
  JOIN campaign_domains x USING (campaign_id)
  LEFT JOIN domains d ON d.domain = x.domain;

COMMENT ON VIEW campaign_domains_v IS 'One row per campaign and registered domain that its messages link to, brands and shared hosts too; a message with links to several domains counts in each of their rows.';
COMMENT ON COLUMN campaign_domains_v.campaign_id IS 'The campaign ("c2").';
COMMENT ON COLUMN campaign_domains_v.domain IS 'Registered domain; the host where it has none, as an address.';
COMMENT ON COLUMN campaign_domains_v.messages IS 'Messages of the campaign that link there, each once.';
COMMENT ON COLUMN campaign_domains_v.first_seen IS 'When our servers received the first of them; NULL if no message tells.';
COMMENT ON COLUMN campaign_domains_v.last_seen IS 'When our servers received the last of them; NULL if no message tells.';
COMMENT ON COLUMN campaign_domains_v.created IS 'When the domain was registered, as last known; NULL before collector enrich, and if no registry tells.';
COMMENT ON COLUMN campaign_domains_v.registrar IS 'Its registrar, as written; NULL if not known.';
COMMENT ON COLUMN campaign_domains_v.in_ham IS 'Wanted mail has links there, too: a brand, or a place for all; NULL before collector enrich.';
