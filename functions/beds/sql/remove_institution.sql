UPDATE institution SET removed_at = ?3, rooms = '[]', change = 'institution.removed', changed_at = ?3, changed_by = ?4
WHERE id = ?1 AND division_code = ?2 AND removed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM room_use AS u WHERE u.institution = ?1 AND u.is_used)
RETURNING id
