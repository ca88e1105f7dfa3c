UPDATE shift SET cancelled_at = ?2, changed_at = ?2, changed_by = ?3
WHERE id = ?1 AND cancelled_at IS NULL AND starts_at > ?2
RETURNING id
