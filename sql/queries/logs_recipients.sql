-- Recipients of the transactions $1, in order.
SELECT delivery_key, line, at, outcome_at, repeats, code, verdict, address, reason, dsn, reply, outcome, outcome_dsn, outcome_reply, via, told_by
FROM recipients
WHERE delivery_key = ANY($1::bigint[])
ORDER BY delivery_key, n
