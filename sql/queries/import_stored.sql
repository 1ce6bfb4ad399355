-- Messages, spam and ham, that are stored of imports since $1. Each import knows how many it added, and
-- how many of them were forgotten or changed sides since; to count a million messages takes longer.
SELECT coalesce(sum(CASE class WHEN 'ham' THEN moved ELSE added - forgotten - moved END), 0)::bigint,
       coalesce(sum(CASE class WHEN 'ham' THEN added - forgotten - moved ELSE moved END), 0)::bigint
FROM imports
WHERE started_at >= $1
