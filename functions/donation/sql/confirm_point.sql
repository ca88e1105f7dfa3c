UPDATE point SET confirmed_at = ?3, change = 'point.confirmed', changed_at = ?3, changed_by = ?4
WHERE id = ?1 AND division_code = ?2 AND removed_at IS NULL
RETURNING id
