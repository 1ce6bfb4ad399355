-- +goose Up

-- Passive DNS knows what addresses a name had between two times, also before we asked.

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION addresses_at(name text, t timestamptz)
RETURNS TABLE (address inet, asked_at timestamptz, confirmed_at timestamptz, source text, server text)
LANGUAGE sql STABLE AS $$
WITH last AS (
    SELECT o.* FROM observations o
     WHERE o.subject = $1 AND o.kind IN ('domain', 'host') AND o.source = 'dns'
       AND o.outcome IN ('answered', 'none') AND o.asked_at <= $2
     ORDER BY least(o.confirmed_at, $2) DESC, o.asked_at DESC
     LIMIT 1
)
SELECT a::inet, l.asked_at, least(l.confirmed_at, $2), l.source, l.server
  FROM last l, jsonb_array_elements_text(coalesce(l.parsed -> 'a', '[]') || coalesce(l.parsed -> 'aaaa', '[]')) AS a
UNION ALL
SELECT a::inet, o.asked_at, least(o.confirmed_at, $2), o.source, o.server
  FROM observations o, jsonb_array_elements_text(coalesce(o.parsed -> 'a', '[]') || coalesce(o.parsed -> 'aaaa', '[]')) AS a
 WHERE o.subject = $1 AND o.source = 'pdns' AND o.asked_at <= $2 AND o.confirmed_at >= $2
UNION ALL
SELECT a, n.asked_at, n.asked_at, 'dns', NULL
  FROM name_servers n, unnest(n.addresses) AS a
 WHERE n.host = $1 AND n.asked_at <= $2 AND NOT EXISTS (SELECT FROM last)
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION addresses_at(text, timestamptz) IS
'The addresses that a host name was known to have at a time: by the last answer of DNS at or before it, and by passive DNS that saw them before and after. No row means that it had none, or that nobody had asked by then.';
