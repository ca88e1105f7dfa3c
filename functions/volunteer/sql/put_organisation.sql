INSERT INTO organisation (id, name, division_code, phone, about, sample, change, changed_at, changed_by)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'organisation.added', ?7, ?8)
ON CONFLICT (id) DO UPDATE SET
  name = excluded.name, division_code = excluded.division_code, phone = excluded.phone, about = excluded.about,
  sample = excluded.sample, change = 'organisation.changed', changed_at = excluded.changed_at,
  changed_by = excluded.changed_by
-- The division that the caller was allowed to change: another one meanwhile is refused.
WHERE organisation.division_code = ?9
RETURNING id
