UPDATE volunteer SET
  secret = ?3, division_code = ?4, skills = ?5, availability = ?6, version = version + 1, change = 'volunteer.changed',
  changed_at = ?7, changed_by = 'citizen'
WHERE no = ?1 AND version = ?2 AND status = 'active'
RETURNING no
