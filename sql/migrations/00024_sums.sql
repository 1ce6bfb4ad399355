-- +goose Up

-- What is costly to sum up stands in tables that are written in the transaction that changes
-- what they sum: a view over half a million memberships takes seconds for one campaign.

CREATE TABLE campaign_sums (
    campaign_id bigint PRIMARY KEY,
    messages    bigint NOT NULL CHECK (messages > 0),
    senders     bigint NOT NULL,
    first_seen  timestamptz,
    last_seen   timestamptz,
    stale       boolean NOT NULL DEFAULT false,
    top_subject text
);
CREATE INDEX campaign_sums_first_seen ON campaign_sums (first_seen);
CREATE INDEX campaign_sums_last_seen ON campaign_sums (last_seen);
CREATE INDEX campaign_sums_messages ON campaign_sums (messages DESC);
COMMENT ON TABLE campaign_sums IS 'One row per campaign that has members: its sums. People read campaigns_v.';
COMMENT ON COLUMN campaign_sums.campaign_id IS 'The campaign.';
COMMENT ON COLUMN campaign_sums.messages IS 'Messages in it, with those that imports put there since the last run.';
COMMENT ON COLUMN campaign_sums.senders IS 'Distinct addresses that connected to our servers, as of the last run.';
COMMENT ON COLUMN campaign_sums.first_seen IS 'When our servers received the first of them; NULL if no message tells.';
COMMENT ON COLUMN campaign_sums.last_seen IS 'When our servers received the last of them; NULL if no message tells.';
COMMENT ON COLUMN campaign_sums.stale IS 'Facts of members were derived anew since: the next run sums up again.';
COMMENT ON COLUMN campaign_sums.top_subject IS 'The most frequent subject as of the last run; NULL if none has one.';

CREATE TABLE campaign_domains (
    campaign_id bigint NOT NULL,
    messages    bigint NOT NULL CHECK (messages > 0),
    first_seen  timestamptz,
    last_seen   timestamptz,
    domain      text NOT NULL,
    PRIMARY KEY (campaign_id, domain)
);
CREATE INDEX campaign_domains_domain ON campaign_domains (domain);
COMMENT ON TABLE campaign_domains IS 'One row per campaign and registered domain that its messages link to. People read campaign_domains_v.';
COMMENT ON COLUMN campaign_domains.campaign_id IS 'The campaign.';
COMMENT ON COLUMN campaign_domains.messages IS 'Its messages that link there.';
COMMENT ON COLUMN campaign_domains.first_seen IS 'When our servers received the first of them; NULL if no message tells.';
COMMENT ON COLUMN campaign_domains.last_seen IS 'When our servers received the last of them; NULL if no message tells.';
COMMENT ON COLUMN campaign_domains.domain IS 'Registered domain; the host where it has none, as an address.';

INSERT INTO campaign_sums (campaign_id, messages, senders, first_seen, last_seen, top_subject)
SELECT b.campaign_id, count(*), count(DISTINCT m.sender), min(m.received_at), max(m.received_at), mode() WITHIN GROUP (ORDER BY m.subject)
  FROM memberships b
  JOIN messages m USING (message_key)
 WHERE b.campaign_id IS NOT NULL
 GROUP BY b.campaign_id;

INSERT INTO campaign_domains (campaign_id, domain, messages, first_seen, last_seen)
SELECT b.campaign_id, coalesce(u.domain, u.host), count(DISTINCT b.message_key), min(m.received_at), max(m.received_at)
  FROM memberships b
  JOIN messages m USING (message_key)
  JOIN urls u USING (message_key)
 WHERE b.campaign_id IS NOT NULL AND coalesce(u.domain, u.host) IS NOT NULL
 GROUP BY 1, 2;

-- Which messages an attachment came with, by the hash that views show.
CREATE INDEX parts_sha256_hex ON parts USING hash (encode(sha256, 'hex')) WHERE attachment;
-- Runs without a log have their recipients summed up, too.
COMMENT ON COLUMN spamruns.recipients IS 'distinct recipients; NULL if none are recorded';
COMMENT ON COLUMN spamruns.broken IS 'of these, damaged ones; NULL if none are recorded';

-- +goose StatementBegin
CREATE FUNCTION path_template(url text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
-- As package graph/evidence forms the trait "link path" (Xie et al., Spamming Botnets, 2008); a test
-- holds them together. A segment is made up that is long with digits, of mixed case, or longer than words are.
WITH rest AS (
    SELECT split_part(substring(url FROM '^[^:]*?://[^/?#]*(.*)$'), '#', 1) AS r
), pieces AS (
    SELECT 0 AS part, s, n, '/' AS before, '' AS behind
      FROM rest, regexp_split_to_table(regexp_replace(split_part(r, '?', 1), '^/', ''), '/') WITH ORDINALITY AS x (s, n)
    UNION ALL
    SELECT 1, split_part(s, '=', 1), n, CASE n WHEN 1 THEN '?' ELSE '&' END, '='
      FROM rest, regexp_split_to_table(substring(r FROM '\?(.*)$'), '&') WITH ORDINALITY AS x (s, n)
     WHERE strpos(s, '=') > 0
), classed AS (
    SELECT p.*, octet_length(s) AS size, octet_length(regexp_replace(s, '[^0-9]', '', 'g')) AS digits,
           octet_length(regexp_replace(s, '[\u0001-@[-`{-\u007f]', '', 'g')) AS letters, octet_length(regexp_replace(s, '[^A-Z]', '', 'g')) AS upper
      FROM pieces p
)
SELECT CASE WHEN octet_length(substring(url FROM '^[^:]*?://[^/?#]*(.*)$')) BETWEEN 1 AND 400 THEN
       string_agg(before || CASE WHEN size >= 8 AND digits > 0 AND digits * 4 >= size OR size > 24 OR upper > 2 AND upper < letters AND size >= 8
                                 THEN '*' ELSE regexp_replace(s, '[0-9]+', '0', 'g') END || behind, '' ORDER BY part, n) END
  FROM classed
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION path_template(text) IS 'Path and names of the parameters of a URL, with what a program made up replaced by * and each number by 0. NULL without a path.';

CREATE INDEX observed_values_address ON observed_values ((value::inet)) WHERE field = 'address';
