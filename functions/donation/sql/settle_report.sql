UPDATE report SET outcome = ?2, answer = ?3, settled_at = ?4, settled_by = ?5
WHERE id = ?1 AND outcome IS NULL
RETURNING id
