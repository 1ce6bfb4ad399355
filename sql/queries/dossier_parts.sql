-- The leaves of the members of campaign $1.
SELECT p.message_key, coalesce(p.media_type, '') AS type, coalesce(p.name, '') AS name, encode(p.sha256, 'hex') AS sha256, p.size, p.attachment
  FROM memberships b
  JOIN parts p USING (message_key)
 WHERE b.campaign_id = $1 AND p.sha256 IS NOT NULL AND p.outside IS NULL
 ORDER BY p.message_key, p.n
