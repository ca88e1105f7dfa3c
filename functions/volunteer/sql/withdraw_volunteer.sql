-- What is left names nobody: hours that were certified stay valid.
UPDATE volunteer SET
  status = 'withdrawn', token_hash = NULL, person = NULL, secret = NULL, division_code = substr(division_code, 1, 6),
  skills = '[]', availability = '[]', trainings = '[]', version = version + 1, change = 'volunteer.withdrawn',
  changed_at = ?2, changed_by = ?3
WHERE no = ?1 AND status = 'active'
RETURNING no
