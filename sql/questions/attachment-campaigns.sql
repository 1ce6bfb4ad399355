-- Which campaigns brought a file?
-- sha256 text ac7cf2d30f0e5ce4e4bd8e1b5a0d0b1a8d4e06c4d2a0cfa4c1c4b1c7f1f0f0aa: SHA-256 of the file, in hex
SELECT campaign_id, messages, first_seen, last_seen, names, sniffed, size
  FROM campaign_attachments_v
 WHERE attachment_sha256 = :sha256
 ORDER BY messages DESC, campaign_id
