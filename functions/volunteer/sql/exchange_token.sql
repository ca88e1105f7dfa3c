-- The token from before opens nothing any more.
UPDATE volunteer SET
  token_hash = ?3, version = version + 1, change = 'volunteer.token_exchanged', changed_at = ?4, changed_by = ?5
WHERE no = ?1 AND version = ?2 AND status = 'active'
RETURNING no
