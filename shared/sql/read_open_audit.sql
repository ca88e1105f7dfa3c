SELECT a.seq, a.at, a.actor, a.action, a.subject, a.detail,
       (SELECT s.hash FROM audit_seal AS s ORDER BY s.seq DESC LIMIT 1) AS last_hash,
       (SELECT coalesce(max(s.seq), 0) FROM audit_seal AS s) AS last_seq
FROM audit AS a
WHERE a.seq > (SELECT coalesce(max(s.seq), 0) FROM audit_seal AS s)
ORDER BY a.seq LIMIT 500
