CREATE OR REPLACE VIEW urls_v AS
SELECT encode(m.sha256, 'hex') AS sha256,
       printable(m.message_id) AS message_id,
       m.received_at,
       u.n,
       printable(u.url) AS url,
       u.host,
       u.domain,
       u.shared,
       printable(u.tenant) AS tenant,
       u.found_in,
       printable(u.visible) AS visible,
       u.notes,
       u.count,
       u.part,
       u.via,
       u.address,
       u.port,
       coalesce(u.raw, u.url) AS raw,
       CASE WHEN m.ham THEN 'ham' ELSE 'spam' END AS class,
       domain_age_at(u.domain, m.received_at) AS domain_age,
       u.message_key,
       u.url AS url_raw,
       path_template(u.url) AS path_template
  FROM urls u
  JOIN messages m USING (message_key);

COMMENT ON VIEW urls_v IS 'One row per distinct link of a message: same text, same kind of place, same part. The target that a redirector carries is a row of its own.';
COMMENT ON COLUMN urls_v.sha256 IS 'SHA-256 of the message, in hex.';
COMMENT ON COLUMN urls_v.message_id IS 'Message-ID of the message, without its brackets.';
COMMENT ON COLUMN urls_v.received_at IS 'When our own server took the message.';
COMMENT ON COLUMN urls_v.n IS 'Order of appearance in the message.';
COMMENT ON COLUMN urls_v.url IS 'The link in its normal form; NULL if it has none.';
COMMENT ON COLUMN urls_v.host IS 'Host in its normal form: ASCII, lower case.';
COMMENT ON COLUMN urls_v.domain IS 'Registered domain by the public suffix list; NULL for addresses.';
COMMENT ON COLUMN urls_v.shared IS 'Why host or domain do not name one owner: shortener, hosting, storage, ...';
COMMENT ON COLUMN urls_v.tenant IS 'Which customer of a shared host it is, as far as the URL tells.';
COMMENT ON COLUMN urls_v.found_in IS 'Place in the message: text, a@href, img@src, form@action, css, comment, ...';
COMMENT ON COLUMN urls_v.visible IS 'Text that the reader saw in place of the link.';
COMMENT ON COLUMN urls_v.notes IS 'Codes of anomalies of the link.';
COMMENT ON COLUMN urls_v.count IS 'Number of occurrences there.';
COMMENT ON COLUMN urls_v.part IS 'The part it stands in (parts_v.n); NULL for the subject.';
COMMENT ON COLUMN urls_v.via IS 'The link whose redirector carried this one (urls_v.n).';
COMMENT ON COLUMN urls_v.address IS 'The host, where that is an IP address.';
COMMENT ON COLUMN urls_v.port IS 'Port, where it is not the one of its scheme.';
COMMENT ON COLUMN urls_v.raw IS 'As it was found.';
COMMENT ON COLUMN urls_v.class IS 'Class of the message: spam or ham.';
COMMENT ON COLUMN urls_v.domain_age IS 'Age of the domain at the message''s arrival: from its creation by the registry to received_at. NULL if either is unknown.';
COMMENT ON COLUMN urls_v.message_key IS 'Key that joins the tables below.';
COMMENT ON COLUMN urls_v.url_raw IS 'url unchanged. It may contain control sequences for a terminal.';
COMMENT ON COLUMN urls_v.path_template IS 'Path and parameter names, with generated parts replaced by * and each number by 0: kits keep it while hosts change. NULL without a path, and over 400 characters.';
