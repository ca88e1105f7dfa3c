-- While it is a draft: what people signed up for doesn't change under them.
UPDATE opportunity SET
  division_code = ?2, lat = ?3, lon = ?4, cell = ?5, detail = ?6, sample = ?7, change = 'opportunity.changed',
  changed_at = ?8, changed_by = ?9
WHERE id = ?1 AND status = 'draft'
RETURNING id
