CREATE OR REPLACE VIEW lineage_v AS
SELECT 'c' || e.campaign_id AS campaign_id, r.finished_at AS at, e.event, 'c' || e.other_id AS other_id, e.messages,
       e.run_id, e.n
FROM campaign_events e
JOIN correlations r USING (run_id);

COMMENT ON VIEW lineage_v IS 'One row per event of a campaign in a run of the correlator.';
COMMENT ON COLUMN lineage_v.campaign_id IS 'the campaign, which may be no more';
COMMENT ON COLUMN lineage_v.at IS 'when the run that found it wrote its campaigns';
COMMENT ON COLUMN lineage_v.event IS 'born; grew or shrank by messages; merged: other_id went into it; split: it came out of other_id; slept: nothing new for four weeks of the store''s time; woke: new mail after that; dissolved: no longer held together';
COMMENT ON COLUMN lineage_v.other_id IS 'the other campaign of a merge or split; NULL otherwise';
COMMENT ON COLUMN lineage_v.messages IS 'messages that came, went, or are in it';
COMMENT ON COLUMN lineage_v.run_id IS 'the run (correlations.run_id)';
COMMENT ON COLUMN lineage_v.n IS 'order within the run';
