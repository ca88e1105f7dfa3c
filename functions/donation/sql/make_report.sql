-- No more than ?8 of one caller since ?7.
INSERT INTO report (id, point_id, kind, note, caller, created_at)
SELECT ?1, p.id, ?3, ?4, ?5, ?6
FROM point AS p
WHERE p.id = ?2 AND p.removed_at IS NULL
  AND (SELECT count(*) FROM report AS r WHERE r.caller = ?5 AND r.created_at > ?7) < ?8
ON CONFLICT DO NOTHING
RETURNING id
