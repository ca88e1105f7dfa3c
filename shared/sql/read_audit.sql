SELECT a.seq, a.at, a.actor, a.action, a.subject, a.detail, s.hash
FROM audit AS a LEFT JOIN audit_seal AS s USING (seq)
WHERE a.seq > ?1 AND (?2 IS NULL OR a.actor = ?2) AND (?3 IS NULL OR a.subject = ?3)
  AND (?4 IS NULL OR a.at >= ?4) AND (?5 IS NULL OR a.at < ?5)
ORDER BY a.seq LIMIT ?6
