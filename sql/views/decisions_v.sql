CREATE OR REPLACE VIEW decisions_v AS
SELECT 'd' || decision_id AS decision_id,
       kind,
       'c' || campaign_id AS campaign_id,
       'c' || other_id AS other_id,
       printable(value) AS value,
       printable(because) AS because,
       printable(made_by) AS made_by,
       made_at,
       printable(undone_by) AS undone_by,
       undone_at,
       undone_at IS NULL AS stands
FROM decisions;

COMMENT ON VIEW decisions_v IS 'One row per user''s decision about campaigns and evidence, including undone ones.';
COMMENT ON COLUMN decisions_v.decision_id IS 'the decision''s id as the command line shows it ("d2")';
COMMENT ON COLUMN decisions_v.kind IS 'merge, split, same, not-same, name, note, tag, untag, ignore or trust';
COMMENT ON COLUMN decisions_v.campaign_id IS 'the campaign that it is about, as it was named then; NULL: it is about messages or evidence';
COMMENT ON COLUMN decisions_v.other_id IS 'the other campaign of merge, same, not-same';
COMMENT ON COLUMN decisions_v.value IS 'the name, note or tag; the evidence of ignore and trust; the messages of same, not-same and split';
COMMENT ON COLUMN decisions_v.because IS 'the reason given; NULL if none was';
COMMENT ON COLUMN decisions_v.made_by IS 'author';
COMMENT ON COLUMN decisions_v.made_at IS 'when it was made';
COMMENT ON COLUMN decisions_v.undone_by IS 'user who took it back; NULL: it stands';
COMMENT ON COLUMN decisions_v.undone_at IS 'when it was taken back; NULL: it stands';
COMMENT ON COLUMN decisions_v.stands IS 'later runs honour it';
