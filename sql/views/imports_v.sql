CREATE OR REPLACE VIEW imports_v AS
SELECT import_id,
       started_at,
       finished_at,
       class,
       read,
       added,
       known,
       failed,
       bytes,
       printable(arguments) AS arguments,
       printable(own_names) AS own_names,
       own_addrs,
       printable(own_mx) AS own_mx,
       own_inferred,
       keeps_raw,
       extractor,
       forgotten
  FROM imports;

COMMENT ON VIEW imports_v IS 'One row per run of "collector import"; read = added + known + failed.';
COMMENT ON COLUMN imports_v.import_id IS 'Number of the run.';
COMMENT ON COLUMN imports_v.started_at IS 'When it began.';
COMMENT ON COLUMN imports_v.finished_at IS 'When it came to its end; NULL while it runs, or if it was killed.';
COMMENT ON COLUMN imports_v.class IS 'Class of its messages: spam or ham.';
COMMENT ON COLUMN imports_v.read IS 'Items read.';
COMMENT ON COLUMN imports_v.added IS 'Messages that were new.';
COMMENT ON COLUMN imports_v.known IS 'Messages that were stored already.';
COMMENT ON COLUMN imports_v.failed IS 'Items that could not be read as a message.';
COMMENT ON COLUMN imports_v.bytes IS 'Bytes of mail read.';
COMMENT ON COLUMN imports_v.arguments IS 'Paths and options as they were given.';
COMMENT ON COLUMN imports_v.own_names IS 'Names of the servers it took for our own; * stands for any run of characters.';
COMMENT ON COLUMN imports_v.own_addrs IS 'Addresses and networks of the servers it took for our own.';
COMMENT ON COLUMN imports_v.own_mx IS 'Those that it was told are mail exchangers, each as NAME=PRIORITY.';
COMMENT ON COLUMN imports_v.own_inferred IS 'Whether they were inferred from the mail instead of given.';
COMMENT ON COLUMN imports_v.keeps_raw IS 'Whether it kept the messages themselves.';
COMMENT ON COLUMN imports_v.extractor IS 'Version of the rules by which it derived facts.';
COMMENT ON COLUMN imports_v.forgotten IS 'Of the messages that it added, those that were forgotten since.';
