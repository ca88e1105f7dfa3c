SELECT coalesce(a.seq, s.seq) AS seq, a.at, a.actor, a.action, a.subject, a.detail, s.hash
FROM audit_seal AS s LEFT JOIN audit AS a ON a.seq = s.seq
WHERE s.seq > ?1 ORDER BY s.seq LIMIT 1000
