INSERT INTO point (id, name, operator, division_code, address, lat, lon, phone, hours, items, sample, cell, words,
                   removed_at, confirmed_at, change, changed_at, changed_by)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, coalesce(?10, '[]'), ?11, ?12, ?13, NULL, ?14, 'point.added', ?14, ?15)
ON CONFLICT (id) DO UPDATE SET
  name = excluded.name, operator = excluded.operator, division_code = excluded.division_code,
  address = excluded.address, lat = excluded.lat, lon = excluded.lon, phone = excluded.phone, hours = excluded.hours,
  items = coalesce(?10, items), sample = excluded.sample, cell = excluded.cell, words = excluded.words,
  removed_at = NULL, confirmed_at = excluded.confirmed_at,
  change = iif(removed_at IS NULL, 'point.changed', 'point.restored'), changed_at = excluded.changed_at,
  changed_by = excluded.changed_by
-- The division that the caller was allowed to change: another one meanwhile is refused.
WHERE point.division_code = ?16
RETURNING id
