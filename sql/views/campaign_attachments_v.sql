-- Both halves begin with the campaign, which its shown id finds by index: a campaign is in one of them.
CREATE OR REPLACE VIEW campaign_attachments_v AS
SELECT v.attachment_sha256, v.campaign_id, v.messages, v.first_seen, v.last_seen, printable(v.names) AS names, f.sniffed, f.size
  FROM (SELECT printable(x.value) AS attachment_sha256, 'c' || c.campaign_id::text AS campaign_id, x.messages, x.first_seen, x.last_seen, x.details AS names
          FROM campaign_sums c
          JOIN campaign_values x USING (campaign_id)
         WHERE x.kind = 'attachment' AND c.valued
        UNION ALL
        SELECT encode(p.sha256, 'hex'), 'c' || c.campaign_id::text, count(DISTINCT p.message_key), min(b.received_at), max(b.received_at),
               (array_agg(DISTINCT p.name) FILTER (WHERE p.name IS NOT NULL))[1:20]
          FROM campaign_sums c
          JOIN memberships b USING (campaign_id)
          JOIN parts p USING (message_key)
         WHERE p.attachment AND p.sha256 IS NOT NULL AND NOT c.valued
         GROUP BY encode(p.sha256, 'hex'), 'c' || c.campaign_id::text) AS v
  LEFT JOIN LATERAL (SELECT a.sniffed, a.size FROM parts a WHERE encode(a.sha256, 'hex') = v.attachment_sha256 AND a.attachment LIMIT 1) AS f ON true;

COMMENT ON VIEW campaign_attachments_v IS 'One row per attachment, by its bytes, and campaign. Of campaigns of 1,000 messages or more as of the last run of the correlator. Files of messages that are in no campaign: attachments_v.';
COMMENT ON COLUMN campaign_attachments_v.attachment_sha256 IS 'SHA-256 of the decoded bytes, in hex.';
COMMENT ON COLUMN campaign_attachments_v.campaign_id IS 'The campaign ("c2").';
COMMENT ON COLUMN campaign_attachments_v.messages IS 'Messages that bring it, each once.';
COMMENT ON COLUMN campaign_attachments_v.first_seen IS 'When our servers received the first of them; NULL if no message tells.';
COMMENT ON COLUMN campaign_attachments_v.last_seen IS 'When our servers received the last of them; NULL if no message tells.';
COMMENT ON COLUMN campaign_attachments_v.names IS 'File names that it had, up to 20: claims; NULL if none.';
COMMENT ON COLUMN campaign_attachments_v.sniffed IS 'Media type that its bytes look like; NULL if none is known.';
COMMENT ON COLUMN campaign_attachments_v.size IS 'Its bytes.';
