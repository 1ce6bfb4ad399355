-- Links of message $1, those that a reader can click first.
SELECT coalesce(url, raw) AS url, coalesce(host, '') AS host, coalesce(shared, '') AS shared, found_in, coalesce(visible, '') AS visible,
       count, coalesce(notes, '{}') AS notes
FROM urls
WHERE message_key = $1
ORDER BY found_in NOT IN ('a@href', 'text', 'area@href', 'form@action'), n
