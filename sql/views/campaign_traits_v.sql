CREATE OR REPLACE VIEW campaign_traits_v AS
SELECT 'c' || c.campaign_id::text AS campaign_id, t.n, t.kind, t.evidence, printable(t.value) AS value, t.members, t.elsewhere, t.ham, t.bits
  FROM campaigns c
  JOIN campaign_traits t USING (campaign_id);

COMMENT ON VIEW campaign_traits_v IS 'One row per trait that members of a campaign share, strongest first, as of the last run: the evidence for the campaign.';
COMMENT ON COLUMN campaign_traits_v.campaign_id IS 'The campaign ("c2").';
COMMENT ON COLUMN campaign_traits_v.n IS 'Place among its traits; 0 is the strongest.';
COMMENT ON COLUMN campaign_traits_v.kind IS 'Kind of trait, as correlate show names it.';
COMMENT ON COLUMN campaign_traits_v.evidence IS 'Group of evidence that the kind belongs to; of one group only the best counts.';
COMMENT ON COLUMN campaign_traits_v.value IS 'Its value; NULL if it is a hash.';
COMMENT ON COLUMN campaign_traits_v.members IS 'Members that have it.';
COMMENT ON COLUMN campaign_traits_v.elsewhere IS 'Other spam that has it.';
COMMENT ON COLUMN campaign_traits_v.ham IS 'Wanted mail that has it.';
COMMENT ON COLUMN campaign_traits_v.bits IS 'Weight of the shared trait as evidence, in bits.';
