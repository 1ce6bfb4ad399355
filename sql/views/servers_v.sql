CREATE OR REPLACE VIEW servers_v AS
SELECT printable(server) AS server,
       asked,
       asked_at,
       coalesce(backed_until > now(), false) AS left_alone,
       backed_until,
       printable(reason) AS reason,
       backed_offs,
       backed_at,
       next_at
  FROM servers;

COMMENT ON VIEW servers_v IS 'One row per server that was ever asked, and whether it is left alone now.';
COMMENT ON COLUMN servers_v.server IS 'The server, host:port.';
COMMENT ON COLUMN servers_v.asked IS 'Questions that were put to it, or were about to be.';
COMMENT ON COLUMN servers_v.asked_at IS 'When it was last asked.';
COMMENT ON COLUMN servers_v.left_alone IS 'Whether it is left alone now.';
COMMENT ON COLUMN servers_v.backed_until IS 'Until when it is, or last was, left alone; NULL if it never was.';
COMMENT ON COLUMN servers_v.reason IS 'Why.';
COMMENT ON COLUMN servers_v.backed_offs IS 'Number of back-offs.';
COMMENT ON COLUMN servers_v.backed_at IS 'When that was last decided.';
COMMENT ON COLUMN servers_v.next_at IS 'Earliest time of the next question that nobody has reserved.';
