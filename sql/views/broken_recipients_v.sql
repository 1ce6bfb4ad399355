CREATE OR REPLACE VIEW broken_recipients_v AS
SELECT printable(k.address) AS recipient,
       k.kind,
       printable(k.made_from) AS made_from,
       k.kind_basis,
       k.sure,
       x.at,
       x.verdict,
       x.sender,
       x.spamrun_id,
       'c' || x.campaign_id::text AS campaign_id,
       x.delivery_id,
       x.message_key
  FROM recipient_kinds k
  JOIN (SELECT lower(left(r.address, 320)) AS address, r.at, r.verdict, d.sender, d.spamrun_id, b.campaign_id, d.delivery_key AS delivery_id, d.message_key
          FROM deliveries d
          JOIN recipients r USING (delivery_key)
          LEFT JOIN memberships b ON b.message_key = d.message_key
        UNION ALL
        SELECT lower(left(a.address, 320)), m.received_at, 'accepted', m.sender, b.spamrun_id, b.campaign_id, m.message_key, m.message_key
          FROM messages m
         CROSS JOIN unnest(m.recipients) AS a (address)
          LEFT JOIN memberships b ON b.message_key = m.message_key
         WHERE NOT EXISTS (SELECT FROM message_deliveries j WHERE j.message_key = m.message_key)) AS x ON x.address = k.address
 WHERE k.kind IN ('domain_prefix', 'domain_host_prefix', 'host_prefix', 'char_prefix', 'cut_front', 'first_replaced', 'cut_replaced', 'message_id', 'dictionary');

COMMENT ON VIEW broken_recipients_v IS 'One row per recipient of a delivery whose address a list maker broke or made up: which, how, and from which real address. The same address has a row for each delivery.';
COMMENT ON COLUMN broken_recipients_v.recipient IS 'The address, in lower case.';
COMMENT ON COLUMN broken_recipients_v.kind IS 'Kind of damage: cut_front lost letters, first_replaced, cut_replaced; host_prefix, char_prefix, domain_prefix, domain_host_prefix have something before it; message_id; dictionary: made of words.';
COMMENT ON COLUMN broken_recipients_v.made_from IS 'The real address that it was made from; NULL if there is none.';
COMMENT ON COLUMN broken_recipients_v.kind_basis IS 'Basis of the kind: list of our users, accepted mail, or compared with other recipients; NULL: the address itself.';
COMMENT ON COLUMN broken_recipients_v.sure IS 'Confidence in the kind, 0 to 1.';
COMMENT ON COLUMN broken_recipients_v.at IS 'When it was tried; NULL if that is not known.';
COMMENT ON COLUMN broken_recipients_v.verdict IS 'accepted, refused, deferred or lost.';
COMMENT ON COLUMN broken_recipients_v.sender IS 'Address of the client that tried it; NULL if unknown.';
COMMENT ON COLUMN broken_recipients_v.spamrun_id IS 'The spamrun (spamruns_v); NULL: in none.';
COMMENT ON COLUMN broken_recipients_v.campaign_id IS 'The campaign of the message ("c2"); NULL: in none, or the message is not stored.';
COMMENT ON COLUMN broken_recipients_v.delivery_id IS 'The transaction (deliveries_v.delivery_id).';
COMMENT ON COLUMN broken_recipients_v.message_key IS 'Key that joins all views of messages; NULL if the message is not stored.';
