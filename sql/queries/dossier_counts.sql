-- Number of indicators of each kind of campaign $1, counted without reading them.
SELECT count(DISTINCT u.domain) + count(DISTINCT u.host) + count(DISTINCT u.url)
       + (SELECT count(DISTINCT m.sender) + count(DISTINCT m.helo) + count(DISTINCT m.subject) + count(DISTINCT m.from_address) + count(DISTINCT m.mailer)
            FROM memberships b JOIN messages m USING (message_key) WHERE b.campaign_id = $1)
       + (SELECT count(DISTINCT (c.kind, c.value)) FROM memberships b JOIN contacts c USING (message_key) WHERE b.campaign_id = $1)
       + (SELECT count(DISTINCT p.sha256) FROM memberships b JOIN parts p USING (message_key) WHERE b.campaign_id = $1 AND p.attachment) AS indicators,
       (SELECT count(*) FROM memberships b WHERE b.campaign_id = $1) AS members
  FROM memberships b
  JOIN urls u USING (message_key)
 WHERE b.campaign_id = $1
