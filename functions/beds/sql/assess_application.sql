UPDATE application SET care_level = ?2, assessed_on = ?3, precedence = ?4, changed_at = ?5, changed_by = ?6
WHERE reference = ?1 AND status IN ('waiting', 'offered') AND coalesce(assessed_on, '') <= ?3
RETURNING reference
