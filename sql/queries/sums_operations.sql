-- Counts the senders of operations. A run does, after it wrote campaigns and members.
UPDATE operations o
   SET senders = c.senders
  FROM (SELECT c.operation_id, nullif(count(DISTINCT m.sender), 0) AS senders
          FROM campaigns c
          JOIN memberships b USING (campaign_id)
          JOIN messages m USING (message_key)
         WHERE c.operation_id IS NOT NULL
         GROUP BY c.operation_id) AS c
 WHERE o.operation_id = c.operation_id AND o.senders IS DISTINCT FROM c.senders
