-- The first exchanger is the one of the lowest priority (--mx), or, where nobody told, the
-- server that takes most of the mail that is in no spamrun.
CREATE OR REPLACE VIEW mx_choice_v AS
WITH mails AS MATERIALIZED (
    -- The tables of deliveries_v: to make a million names printable takes longer than to count them.
    SELECT x.spamrun_id, x.server, sum(x.n)::bigint AS n
      FROM (SELECT d.spamrun_id, d.server, count(*) AS n
              FROM deliveries d
             WHERE d.direction = 'in' AND d.server IS NOT NULL
             GROUP BY 1, 2
            UNION ALL
            SELECT b.spamrun_id, m.accepted_by, count(*)
              FROM messages m
              LEFT JOIN memberships b USING (message_key)
             WHERE m.accepted_by IS NOT NULL AND NOT EXISTS (SELECT FROM message_deliveries j WHERE j.message_key = m.message_key)
             GROUP BY 1, 2) AS x
     GROUP BY 1, 2
), ordinary AS MATERIALIZED (
    SELECT server, sum(n) FILTER (WHERE spamrun_id IS NULL) AS n, sum(sum(n) FILTER (WHERE spamrun_id IS NULL)) OVER () AS total
      FROM mails
     GROUP BY 1
), told AS MATERIALIZED (
    SELECT replace(split_part(x, '=', 1), '*', '%') AS pattern, min(split_part(x, '=', 2)::integer) AS priority
      FROM imports
     CROSS JOIN unnest(own_mx) AS x
     WHERE x ~ '^.+=[0-9]{1,5}$'
     GROUP BY 1
), roles AS MATERIALIZED (
    SELECT o.server, o.n, o.total, min(t.priority) AS priority,
           row_number() OVER (ORDER BY min(t.priority) NULLS LAST, o.n DESC NULLS LAST, o.server) AS rank
      FROM ordinary o
      LEFT JOIN told t ON o.server LIKE t.pattern
     GROUP BY 1, 2, 3
), sums AS MATERIALIZED (
    SELECT spamrun_id, sum(n)::bigint AS total FROM mails WHERE spamrun_id IS NOT NULL GROUP BY 1
)
SELECT m.spamrun_id,
       printable(m.server) AS server,
       CASE WHEN r.rank = 1 THEN 'primary' ELSE 'secondary' END AS role,
       r.priority AS mx_priority,
       m.n AS mails,
       round(m.n::numeric / s.total, 3)::real AS share,
       round(coalesce(r.n, 0) / nullif(r.total, 0), 3)::real AS usual_share,
       r.rank > 1 AND m.n = s.total AS secondary_only,
       -- Nobody's usual share is less than one in as many as there are, and a half.
       CASE WHEN r.rank > 1 AND m.n = s.total
            THEN round((-m.n * ln(((coalesce(r.n, 0) + 0.5) / (coalesce(r.total, 0) + 1))::float8) / ln(2::float8))::numeric, 1)::real END AS odds_bits
  FROM mails m
  JOIN sums s ON s.spamrun_id = m.spamrun_id
  JOIN roles r ON r.server = m.server
 WHERE m.spamrun_id IS NOT NULL;

COMMENT ON VIEW mx_choice_v IS 'One row per spamrun and server of ours that it came to.';
COMMENT ON COLUMN mx_choice_v.spamrun_id IS 'The spamrun (spamruns_v.spamrun_id).';
COMMENT ON COLUMN mx_choice_v.server IS 'Our own server.';
COMMENT ON COLUMN mx_choice_v.role IS 'primary or secondary: by the priority that an import was told (--mx), else by which server takes most mail that is in no spamrun.';
COMMENT ON COLUMN mx_choice_v.mx_priority IS 'Priority of the server, where an import was told; NULL otherwise.';
COMMENT ON COLUMN mx_choice_v.mails IS 'Mails of the spamrun that came there.';
COMMENT ON COLUMN mx_choice_v.share IS 'Their share of the spamrun.';
COMMENT ON COLUMN mx_choice_v.usual_share IS 'Share of the server in the mail that is in no spamrun.';
COMMENT ON COLUMN mx_choice_v.secondary_only IS 'All of the spamrun came there, and the server is no primary one.';
COMMENT ON COLUMN mx_choice_v.odds_bits IS 'Of those: bits against chance, if each mail had chosen a server as other mail does; NULL for others.';
