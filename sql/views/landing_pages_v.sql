-- Only links that a reader can click count: no pictures, styles or declarations. Hosts to which
-- wanted mail links, too, are left out: they belong to the imitated brand.
CREATE OR REPLACE VIEW landing_pages_v AS
SELECT encode(m.sha256, 'hex') AS sha256,
       m.received_at,
       'c' || b.campaign_id::text AS campaign_id,
       printable(u.url) AS url,
       u.host,
       u.domain,
       u.shared,
       printable(u.tenant) AS tenant,
       path_template(u.url) AS path_template,
       u.found_in,
       printable(u.visible) AS visible,
       u.count,
       u.n,
       m.message_key,
       u.url AS url_raw
  FROM urls u
  JOIN messages m USING (message_key)
  LEFT JOIN memberships b USING (message_key)
  LEFT JOIN domains d ON d.domain = u.domain
 WHERE NOT m.ham AND u.url IS NOT NULL
   AND u.found_in IN ('a@href', 'area@href', 'form@action', 'button@formaction', 'input@formaction', 'iframe@src', 'meta-refresh', 'text', 'subject', 'pdf', 'script')
   AND coalesce(d.ham, 0) = 0
   AND NOT EXISTS (SELECT FROM urls t WHERE t.message_key = u.message_key AND t.via = u.n);

COMMENT ON VIEW landing_pages_v IS 'One row per distinct link of a spam message that a reader would follow: no pictures, styles or declarations, no domain that wanted mail links to, and of a redirector the target that it carries. Several rows a message are usual: count(DISTINCT message_key) counts messages.';
COMMENT ON COLUMN landing_pages_v.sha256 IS 'SHA-256 of the message, in hex.';
COMMENT ON COLUMN landing_pages_v.received_at IS 'When our own server took the message; NULL if no hop can be believed or it bears no time.';
COMMENT ON COLUMN landing_pages_v.campaign_id IS 'The campaign of the message ("c2"); NULL if none. To ask for one, join campaign_members by message_key.';
COMMENT ON COLUMN landing_pages_v.url IS 'The link in its normal form.';
COMMENT ON COLUMN landing_pages_v.host IS 'Host in its normal form: ASCII, lower case; NULL if it has none.';
COMMENT ON COLUMN landing_pages_v.domain IS 'Registered domain by the public suffix list; NULL for addresses.';
COMMENT ON COLUMN landing_pages_v.shared IS 'Why host or domain do not name one owner: shortener, hosting, storage, ...; NULL if they do.';
COMMENT ON COLUMN landing_pages_v.tenant IS 'Which customer of a shared host it is, as far as the URL tells; NULL if it does not.';
COMMENT ON COLUMN landing_pages_v.path_template IS 'Path and parameter names with variable parts replaced: see urls_v.path_template.';
COMMENT ON COLUMN landing_pages_v.found_in IS 'Place in the message: a@href, text, form@action, ...';
COMMENT ON COLUMN landing_pages_v.visible IS 'Text that the reader saw in place of the link; NULL if the link itself.';
COMMENT ON COLUMN landing_pages_v.count IS 'Number of occurrences there.';
COMMENT ON COLUMN landing_pages_v.n IS 'The link (urls_v.n).';
COMMENT ON COLUMN landing_pages_v.message_key IS 'Key that joins all views of messages.';
COMMENT ON COLUMN landing_pages_v.url_raw IS 'url unchanged. It may contain control sequences for a terminal.';
