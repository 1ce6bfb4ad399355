-- Every recipient address of incoming mail, from logs and from messages without a log, with its stored
-- explanation. Rows with gone have an explanation, but no mail.
SELECT coalesce(t.address, k.address) AS address, coalesce(t.accepted, false) AS accepted, coalesce(t.unknown, false) AS unknown, coalesce(t.relay, false) AS relay,
       t.address IS NULL AS gone, k.kind, k.sure, k.made_from, k.kind_basis
  FROM (SELECT address, bool_or(accepted) AS accepted, bool_or(unknown) AS unknown, bool_or(relay) AS relay
          FROM (SELECT lower(left(r.address, 320)) AS address,
                       d.direction = 'in' AND r.verdict = 'accepted' AND r.outcome IS DISTINCT FROM 'bounced' AS accepted,
                       coalesce(r.reason = 'unknown_user', false) AS unknown, coalesce(r.reason = 'relay', false) AS relay
                  FROM recipients r
                  JOIN deliveries d USING (delivery_key)
                 WHERE r.address IS NOT NULL AND d.direction IS DISTINCT FROM 'out' AND d.direction IS DISTINCT FROM 'local'
                UNION ALL
                SELECT lower(left(a.address, 320)), true, false, false
                  FROM messages m
                 CROSS JOIN unnest(m.recipients) AS a (address)
                  LEFT JOIN message_deliveries j ON j.message_key = m.message_key
                 WHERE j.message_key IS NULL) AS u
         GROUP BY address) AS t
  FULL JOIN recipient_kinds k ON k.address = t.address
