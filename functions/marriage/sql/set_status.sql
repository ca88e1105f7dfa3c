UPDATE appointment SET status = ?3, changed_at = ?5, changed_by = ?6
WHERE reference = ?1 AND status = ?2 AND office_id = ?7 AND start = ?4
RETURNING reference
