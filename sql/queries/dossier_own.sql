-- Our own servers and networks of all imports, and the recipients and receiving servers of campaign $1's mail.
SELECT (SELECT coalesce(array_agg(DISTINCT n), '{}') FROM imports, unnest(own_names) AS n) AS names,
       (SELECT coalesce(array_agg(DISTINCT a), '{}') FROM imports, unnest(own_addrs) AS a) AS networks,
       (SELECT coalesce(array_agg(DISTINCT x), '{}') FROM imports, unnest(own_mx) AS x) AS mx,
       (SELECT coalesce(bool_or(own_inferred), false) FROM imports) AS inferred,
       (SELECT coalesce(array_agg(DISTINCT r), '{}') FROM memberships b JOIN messages m USING (message_key), unnest(m.recipients) AS r
         WHERE b.campaign_id = $1) AS recipients,
       (SELECT coalesce(array_agg(DISTINCT m.accepted_by), '{}') FROM memberships b JOIN messages m USING (message_key)
         WHERE b.campaign_id = $1 AND m.accepted_by IS NOT NULL) AS servers
