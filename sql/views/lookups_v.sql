CREATE OR REPLACE VIEW lookups_v AS
SELECT task,
       kind,
       name,
       CASE WHEN lease_until > now() THEN 'under way'
            WHEN ready OR wake_at <= now() THEN 'due'
            WHEN put_off_by IS NOT NULL THEN 'put off'
            WHEN attempts > 0 THEN 'to be tried again'
            WHEN fresh_until > now() THEN 'fresh'
            ELSE 'waiting' END AS state,
       priority,
       CASE WHEN ready THEN now() ELSE wake_at END AS due_at,
       printable(outcome) AS outcome,
       asked_at,
       attempts,
       messages,
       last_mail,
       lane,
       domain,
       leased_by,
       printable(put_off_by) AS put_off_by
  FROM lookups;

COMMENT ON VIEW lookups_v IS 'One row per thing to be found out about a domain, host name or address: the queue of "collector enrich".';
COMMENT ON COLUMN lookups_v.task IS 'The task: registration, names, reverse, netblock.';
COMMENT ON COLUMN lookups_v.kind IS 'domain, host or address.';
COMMENT ON COLUMN lookups_v.name IS 'About what.';
COMMENT ON COLUMN lookups_v.state IS 'due, under way, fresh, put off, to be tried again, or waiting.';
COMMENT ON COLUMN lookups_v.priority IS 'Expected value of the answer; the highest goes first.';
COMMENT ON COLUMN lookups_v.due_at IS 'When it may be asked next.';
COMMENT ON COLUMN lookups_v.outcome IS 'Best outcome of the last attempt; NULL if it was never asked.';
COMMENT ON COLUMN lookups_v.asked_at IS 'When it was last asked; NULL with an outcome for an address in a netblock that was known.';
COMMENT ON COLUMN lookups_v.attempts IS 'Failed attempts since the last answer.';
COMMENT ON COLUMN lookups_v.messages IS 'Messages that name it.';
COMMENT ON COLUMN lookups_v.last_mail IS 'Newest of them.';
COMMENT ON COLUMN lookups_v.lane IS 'Group of tasks that mostly share a server: the top-level domain, dns, addresses.';
COMMENT ON COLUMN lookups_v.domain IS 'Registered domain of a host.';
COMMENT ON COLUMN lookups_v.leased_by IS 'The worker: machine, process and a number.';
COMMENT ON COLUMN lookups_v.put_off_by IS 'Server that is left alone until due_at; NULL for none.';
