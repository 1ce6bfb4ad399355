-- Stored spam and ham of imports since $1. Each import records the messages that it added, and those
-- that were forgotten or reclassified since. To count a million messages takes longer.
SELECT coalesce(sum(CASE class WHEN 'ham' THEN moved ELSE added - forgotten - moved END), 0)::bigint,
       coalesce(sum(CASE class WHEN 'ham' THEN added - forgotten - moved ELSE moved END), 0)::bigint
FROM imports
WHERE started_at >= $1
