-- Columns of messages $1 from which evidence is derived.
SELECT message_key AS key, ham, coalesce(received_at, '0001-01-01 00:00:00Z') AS received_at,
       coalesce(text_hash, 0) AS text, text_sketch AS sketch, coalesce(html_form, 0) AS html_form,
       coalesce(subject, '') AS subject, coalesce(subject_key, '') AS subject_key,
       coalesce(from_name, '') AS from_name, coalesce(from_address, '') AS "from",
       reply_to, coalesce(return_path, '') AS return_path, to_addresses || recipients AS readers,
       coalesce(list_id, '') AS list_id, coalesce(message_id, '') AS message_id,
       coalesce(message_id_form, '') AS message_id_form, coalesce(boundary_form, '') AS boundary_form,
       coalesce(mime_skeleton, '') AS mime_skeleton, coalesce(encodings, '') AS encodings,
       coalesce(header_names, '') AS header_names, coalesce(mailer, '') AS mailer, coalesce(date_form, '') AS date_form,
       sender, coalesce(helo, '') AS helo, coalesce(reverse_name, '') AS reverse_name,
       coalesce(reverse_state, '') AS reverse_state, coalesce(accepted_by, '') AS accepted_by,
       coalesce(mx_priority, -1) AS mx_priority,
       coalesce(sender_fields, '{}') AS sender_fields, coalesce(boundary_start, '') AS boundary_start,
       coalesce(invisible, '') AS invisible, coalesce(words, '{}') AS words, coalesce(report, false) AS report,
       CASE WHEN o.explicit AND coalesce(i.own_inferred, true) THEN '{}' ELSE coalesce(i.own_names || i.own_addrs::text[], '{}') END || o.servers AS servers,
       o.domains
FROM messages
LEFT JOIN imports i USING (import_id)
CROSS JOIN (
    SELECT coalesce(array_agg(split_part(pattern, '=', 1)) FILTER (WHERE kind <> 'domain'), '{}') AS servers,
           coalesce(bool_or(kind <> 'exchanger'), false) AS explicit,
           coalesce(array_agg(lower(pattern)) FILTER (WHERE kind = 'domain'), '{}') || array(SELECT value FROM own_addresses WHERE kind = 'domain') AS domains
    FROM own_servers
) AS o
WHERE message_key = ANY ($1::bigint[])
