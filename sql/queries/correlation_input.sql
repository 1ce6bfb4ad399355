-- A fingerprint of the evidence and the decisions. xmin is the transaction that wrote a row, so
-- a row that was replaced changes the fingerprint too.
SELECT hashtextextended(concat_ws(' ',
    (SELECT concat_ws(' ', count(*), sum(hashtextextended(xmin::text, message_key))) FROM incidence),
    (SELECT concat_ws(' ', count(*), max(decision_id), count(undone_at), extract(epoch FROM max(undone_at))) FROM decisions),
    EXISTS (SELECT FROM deliveries)), 0),
    coalesce((SELECT run_id FROM correlations ORDER BY run_id DESC LIMIT 1), 0),
    coalesce((SELECT input FROM correlations ORDER BY run_id DESC LIMIT 1), 0)
