-- Mail, campaigns, logs and registries, N messages of them, as far as questions ask of them.
-- U(i, k) is a number from 0 to 1 that depends on i and k alone. Half of the messages are in N/100
-- campaigns, the largest with about one in fifty; each moves to a new domain every three days.
CREATE UNLOGGED TABLE lab_mail AS
SELECT i, ('x' || left(encode(sha256(int8send(i)), 'hex'), 16))::bit(64)::bigint AS key, c, at, day, i % 25 = 0 AND c IS NULL AS ham,
       inet '198.18.0.0' + floor(power(U(i, 5), 2) * least(N / 8 + 8, 131000))::bigint AS sender,
       CASE WHEN c IS NOT NULL AND i % 9 = 0 THEN 'operation' || c % 40 || '.example'
            WHEN c IS NOT NULL THEN 'shop' || c || '-' || day / 3 || '.example'
            WHEN U(i, 6) < 0.3 THEN 'everyday' || floor(U(i, 8) * 40)::int || '.example'
            ELSE 'once' || i / 3 || '.example' END AS domain,
       floor(U(i, 9) * (N / 20 + 4))::bigint AS client
  FROM (SELECT i, c, floor(U(i, 4) * 30)::int AS day,
               timestamptz '2024-01-01 00:00Z' + CASE WHEN c IS NOT NULL THEN make_interval(days => (335 - c * 37 % 336)::int) + U(i, 4) * interval '30 days'
                                                      ELSE U(i, 4) * interval '365 days' END AS at
          FROM (SELECT i, CASE WHEN U(i, 1) < 0.5 THEN 1 + floor(power(U(i, 2), 3) * (N / 100 + 2))::bigint END AS c
                  FROM generate_series(1, N) AS i) AS x) AS y;

INSERT INTO imports (started_at, finished_at, class, extractor, keeps_raw, arguments, own_names, own_addrs, own_mx, own_inferred, read, added)
VALUES (now(), now(), 'spam', 5, false, '{}', '{}', '{}', '{}', false, N, N);

INSERT INTO messages (message_key, size, import_id, received_at, date, text_hash, text_length, extractor, boundary_hop, mx_priority, ham, sha256, sender, helo, reverse_name, reverse_state,
                      accepted_by, message_id, subject, subject_key, from_address, return_path, recipients, mailer)
SELECT key, 4000, 1, at, at, coalesce(c, i), 800, 5, 0, CASE WHEN U(i, 10) < 0.2 THEN 20 ELSE 10 END, ham, sha256(int8send(i)), sender,
       CASE WHEN U(i, 11) < 0.08 THEN (floor(U(i, 12) * 99999))::text ELSE 'mail' || i % 97 || '.example' END,
       CASE WHEN i % 3 = 0 THEN 'host' || i % 9973 || '.isp.example' END, CASE WHEN i % 3 = 0 THEN 'given' ELSE 'unknown' END,
       CASE WHEN U(i, 10) < 0.2 THEN 'mx2.example.com' ELSE 'mx1.example.com' END, 'id' || i || '@mail.example',
       CASE WHEN c IS NOT NULL THEN 'Offer ' || c || ' for you, part ' || i % 7 ELSE 'Letter ' || i END,
       CASE WHEN c IS NOT NULL THEN 'offer for you, part' ELSE 'letter' END, 'from' || i % 1000 || '@' || domain, 'bounce' || i % 1000 || '@' || domain,
       ARRAY[CASE WHEN i % 20 = 0 THEN 'ser' ELSE 'user' END || client || '@example.com'], 'Mailer ' || coalesce(c, i) % 300
  FROM lab_mail;

INSERT INTO texts (message_key, words)
SELECT key, array_to_tsvector(
       CASE WHEN c % 10 = 1 THEN ARRAY['verify', 'account', 'bank', 'shop' || c] WHEN c IS NOT NULL THEN ARRAY['offer', 'cheap', 'account', 'shop' || c]
            ELSE ARRAY['letter', 'word' || i % 5000, 'word' || i % 7001 || 'x'] END
       -- The terms of fields: package terms.
       || ARRAY['=' || m.helo, '=' || lower(m.subject), '=' || m.subject_key, '=' || lower(m.mailer), '.' || l.domain, '@' || m.from_address, '@' || m.return_path, '#q' || i]
       || CASE WHEN m.helo ~ '[a-z]' THEN ARRAY['.' || m.helo] ELSE '{}' END
       || CASE WHEN m.reverse_name IS NOT NULL THEN ARRAY['.' || m.reverse_name, '.isp.example'] ELSE '{}' END
       || CASE WHEN i % 6 = 0 THEN ARRAY['@claim' || coalesce(c, i) || '@mail.example'] ELSE '{}' END)
  FROM lab_mail l
  JOIN messages m ON m.message_key = l.key;

-- Forty features a message, as real mail has: of its campaign, its domain, its mailer, its sender and of its own.
INSERT INTO incidence (message_key, at, version, ham, newsletter, sender, features)
SELECT key, at, 9, ham, false, sender,
       ARRAY(SELECT (k::bigint << 56) | (hashint8extended(CASE WHEN k < 16 THEN coalesce(c, -i) WHEN k < 20 THEN hashtext(domain) WHEN k < 34 THEN coalesce(c, i) % (k * 20)
                                                               WHEN k < 37 THEN sender - inet '198.18.0.0' ELSE i END, k) & 72057594037927935)
               FROM generate_series(1, 40) AS k)
  FROM lab_mail;

INSERT INTO hops (message_key, n, at, trusted, authenticated, address, helo, by_name, protocol, queue_id, zone, raw)
SELECT key, 0, at, true, false, sender, 'mail' || i % 97 || '.example', 'mx1.example.com', 'ESMTP', 'q' || i, '+0000', 'from mail.example by mx1.example.com'
  FROM lab_mail;

INSERT INTO anomalies (message_key, n, hop, code, reason, evidence)
SELECT message_key, 0, 0, 'helo-number', 'the HELO name is a bare number', helo FROM messages WHERE helo !~ '[a-z]';

INSERT INTO urls (message_key, n, count, host, domain, url, found_in, visible, notes)
SELECT key, 0, 1, 'www.' || domain, domain, 'http://www.' || domain || CASE WHEN c % 3 = 1 THEN '/secure/verify?id=' ELSE '/shop' || coalesce(c % 50, i % 50) || '/offers/index.php?id=' END || i, 'a@href',
       CASE WHEN i % 15 = 0 THEN 'www.bank.example' END, CASE WHEN i % 15 = 0 THEN ARRAY['visible-mismatch'] END
  FROM lab_mail
UNION ALL
SELECT key, 1, 1, 'img.bank.example', 'bank.example', 'http://img.bank.example/logo.png', 'img@src', NULL, NULL FROM lab_mail WHERE c IS NOT NULL OR ham
UNION ALL
SELECT key, 2, 1, 'www.w3.org', 'w3.org', 'http://www.w3.org/TR/html4/loose.dtd', 'doctype', NULL, NULL FROM lab_mail WHERE i % 2 = 0;

INSERT INTO contacts (message_key, n, count, kind, value, found_in)
SELECT key, 0, 1, CASE i % 3 WHEN 0 THEN 'mail' ELSE 'phone' END, CASE i % 3 WHEN 0 THEN 'claim' || coalesce(c, i) || '@mail.example' ELSE '+1202555' || lpad((coalesce(c, i) % 10000)::text, 4, '0') END, 'text'
  FROM lab_mail WHERE i % 2 = 0;

INSERT INTO parts (message_key, n, size, attachment, sha256, media_type, sniffed, name)
SELECT key, 0, 3000, false, NULL, 'text/html', NULL, NULL FROM lab_mail
UNION ALL
SELECT key, 1, 20000, true, sha256(int8send(coalesce(c, i))), 'application/zip', 'application/zip', 'invoice' || coalesce(c, i) || '.zip' FROM lab_mail WHERE coalesce(c, i) % 10 = 1;

INSERT INTO correlations (started_at, finished_at, method, link_bits, messages, background, incidences, campaigns, members, set_aside)
SELECT now(), now(), 2, 8, N, 0, N, count(DISTINCT c), count(c), '[]' FROM lab_mail;

UPDATE imports SET moved = (SELECT count(*) FROM lab_mail WHERE ham);

INSERT INTO campaigns (campaign_id, first_run, last_run, members, weakest_bits, operation_id)
SELECT c, 1, 1, count(*), 12, CASE WHEN c % 5 = 0 THEN 1 + c % 40 END FROM lab_mail WHERE c IS NOT NULL GROUP BY c;

INSERT INTO campaign_traits (campaign_id, n, evidence, kind, value, members, elsewhere, ham, bits)
SELECT campaign_id, t, 'links', 'link domain', 'shop' || campaign_id || '-' || t || '.example', members / (t + 1), 0, 0, 20 - t FROM campaigns, generate_series(0, 4) AS t;

INSERT INTO memberships (message_key, campaign_id, run_id, received_at, spamrun_id, confidence)
SELECT key, c, 1, at, CASE WHEN count(*) OVER (PARTITION BY c, sender) > 1 THEN hashint8extended(c * 1000003 + (sender - inet '198.18.0.0'), 9) END, 0.97 FROM lab_mail WHERE c IS NOT NULL;

INSERT INTO deliveries (delivery_key, spamrun_id, line, started_at, ended_at, zone_seconds, accepted, refused, deferred, lost, keyed, opened, closed, floating, sender, origin, direction, server, instance, file, helo)
SELECT hashint8extended(i, 11), CASE WHEN c IS NOT NULL THEN hashint8extended(c * 1000003 + (sender - inet '198.18.0.0'), 9) END, i, at, at, 0, 0, 2, 0, 0, false, true, true, false,
       sender, 'log', 'in', 'mx1.example.com', 'postfix', 'mail.log', 'mail' || i % 97 || '.example'
  FROM lab_mail WHERE i % 2 = 0 AND NOT ham;

INSERT INTO recipients (delivery_key, n, line, at, repeats, code, verdict, address, reason)
SELECT hashint8extended(i, 11), t, i, at, 0, 550, 'refused', CASE t WHEN 0 THEN 'ser' ELSE 'example.comuser' END || client || '@example.com', 'unknown_user'
  FROM lab_mail, generate_series(0, 1) AS t WHERE i % 2 = 0 AND NOT ham;

INSERT INTO recipient_kinds (address, kind, sure, made_from, kind_basis)
SELECT p || client || '@example.com', CASE p WHEN 'user' THEN 'valid' WHEN 'ser' THEN 'cut_front' ELSE 'domain_prefix' END, 0.95, 'user' || client || '@example.com', 'accepted'
  FROM generate_series(0, N / 20 + 4) AS client, unnest(ARRAY['user', 'ser', 'example.comuser']) AS p;

INSERT INTO spamruns (spamrun_id, started_at, ended_at, messages, run_id, sender, attempts, accepted, refused, target_domains, servers, recipients, broken, method)
SELECT b.spamrun_id, min(m.received_at), max(m.received_at), count(*), 1, m.sender, count(*) * 3, count(*), count(*) * 2, '{example.com}', '{mx1.example.com}', count(*) * 2, count(*), 'burst'
  FROM memberships b JOIN messages m USING (message_key) WHERE b.spamrun_id IS NOT NULL GROUP BY b.spamrun_id, m.sender;

INSERT INTO sender_habits (sender, mails, attempts, refused, spamruns, same_helo, first_seen, last_seen, zombie_bits, reasons, helo_class)
SELECT sender, count(*), count(*) * 3, count(*) * 2, 1, 0, min(received_at), max(received_at), (hashinet(sender) & 15) - 8, '{"no reverse name 3"}', 'name'
  FROM messages WHERE NOT ham GROUP BY sender;

INSERT INTO domains (domain, messages, ham, first_mail, last_mail, looked_up_at, created, expires, state, registrar, registrar_key, registrant_email, registrant_name, name_servers, sources)
SELECT u.domain, count(*), count(*) FILTER (WHERE m.ham), min(m.received_at), max(m.received_at), now(), min(m.received_at) - (hashtext(u.domain) & 511) * interval '1 day', now(), 'registered', 'Registrar ' || (hashtext(u.domain) & 31),
       'registrar ' || (hashtext(u.domain) & 31), 'owner' || (hashtext(u.domain) & 1023) || '@mail.example', 'Owner ' || (hashtext(u.domain) & 1023),
       ARRAY['ns1.pool' || (hashtext(u.domain) & 255) || '.example', 'ns2.pool' || (hashtext(u.domain) & 255) || '.example'], '{whois}'
  FROM urls u JOIN messages m USING (message_key) GROUP BY u.domain;

INSERT INTO observed_values (since, until, subject, source, field, value)
SELECT first_mail, NULL::timestamptz, domain, 'whois', 'registrar', registrar_key FROM domains
UNION ALL SELECT first_mail, NULL, domain, 'whois', 'registrant.email', registrant_email FROM domains
UNION ALL SELECT first_mail, NULL, domain, 'whois', 'ns', x FROM domains, unnest(name_servers) AS x
UNION ALL SELECT first_mail, last_mail, domain, 'dns', 'address', host(inet '203.0.113.0' + (hashtext(domain) & 255)) FROM domains
UNION ALL SELECT last_mail, NULL, domain, 'dns', 'address', host(inet '192.0.2.0' + (hashtext(domain) & 255)) FROM domains WHERE last_mail > first_mail;

INSERT INTO observations (asked_at, confirmed_at, fresh_until, took, kind, subject, source, server, outcome, content_hash, parsed)
SELECT first_mail + t * interval '20 days', first_mail + t * interval '20 days', now(), interval '1 s', 'domain', domain, 'whois', 'whois.example:43', 'answered', sha256(int8send(t)),
       jsonb_build_object('created', created, 'registrar', jsonb_build_object('name', registrar, 'key', registrar_key), 'registrant', jsonb_build_object('email', registrant_email, 'name', 'Owner ' || t))
  FROM domains, generate_series(0, 1) AS t;

INSERT INTO name_servers (asked_at, host, addresses)
SELECT now(), 'ns' || k || '.pool' || p || '.example', ARRAY[inet '198.51.100.0' + p] FROM generate_series(0, 255) AS p, generate_series(1, 2) AS k;

INSERT INTO netblocks (asked_at, confirmed_at, fresh_until, prefix, first, last, source, server, name, owner, country, content_hash)
SELECT t, t, now(), p, host(p)::inet, host(broadcast(p))::inet, 'rdap-ip', 'rdap.example', 'NET-' || j, 'Provider ' || j % 60, (ARRAY['DE', 'US', 'BR', 'VN'])[1 + j % 4], '\x00'
  FROM (SELECT timestamptz '2024-01-01 00:00Z' AS t, j, set_masklen((inet '198.18.0.0' + j * 256)::cidr, 24) AS p FROM generate_series(0, 511) AS j
        UNION ALL SELECT timestamptz '2024-01-01 00:00Z', 600, '203.0.113.0/24' UNION ALL SELECT timestamptz '2024-01-01 00:00Z', 601, '192.0.2.0/24') AS x;

INSERT INTO origins (asked_at, confirmed_at, fresh_until, prefix, source, asns, content_hash)
SELECT asked_at, confirmed_at, fresh_until, prefix, 'origin', ARRAY[64500 + masklen(prefix)], '\x00' FROM netblocks;

INSERT INTO lookups (wake_at, priority, ready, task, kind, name, lane, domain)
SELECT now(), 1, false, 'names', 'host', 'www.' || domain, 'dns', domain FROM domains;

DROP TABLE lab_mail
