-- Messages by key from $1 on, $2 of them, with what the grouping uses.
SELECT message_key, ham, coalesce(text_hash, 0) AS text_hash,
       coalesce(subject_key, '') AS subject_key, coalesce(from_address, '') AS from_address,
       reply_to, coalesce(return_path, '') AS return_path, coalesce(list_id, '') AS list_id,
       coalesce(message_id, '') AS message_id, coalesce(message_id_form, '') AS message_id_form,
       coalesce(boundary_form, '') AS boundary_form, coalesce(mime_skeleton, '') AS mime_skeleton,
       coalesce(header_names, '') AS header_names, coalesce(mailer, '') AS mailer,
       sender, coalesce(helo, '') AS helo, coalesce(reverse_name, '') AS reverse_name,
       coalesce(to_addresses, '{}') || coalesce(recipients, '{}') AS readers
FROM messages
WHERE message_key >= $1
ORDER BY message_key
LIMIT $2
