-- What messages $1 offer as evidence, but for what the tables below them hold.
SELECT message_key, ham, received_at, text_hash, text_sketch, html_form,
       subject, subject_key, from_name, from_address, reply_to, return_path, to_addresses, recipients,
       list_id, message_id, message_id_form, boundary_form, mime_skeleton, encodings, header_names, mailer, date_form,
       sender, helo, reverse_name, reverse_state, accepted_by, mx_priority
FROM messages
WHERE message_key = ANY ($1::bigint[])
