INSERT INTO institution (id, name, operator, division_code, address, lat, lon, phone, ownership, features, rooms, sample,
                         cell, removed_at, change, changed_at, changed_by)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, NULL, 'institution.added', ?14, ?15
-- No room goes in which somebody lies, or for which somebody waits.
WHERE NOT EXISTS (
  SELECT 1 FROM room_use AS u
  WHERE u.institution = ?1 AND u.is_used AND u.room_type NOT IN (SELECT n.value ->> 'room_type' FROM json_each(?11) AS n))
ON CONFLICT (id) DO UPDATE SET
  name = excluded.name, operator = excluded.operator, division_code = excluded.division_code,
  address = excluded.address, lat = excluded.lat, lon = excluded.lon, phone = excluded.phone,
  ownership = excluded.ownership, features = excluded.features, rooms = excluded.rooms, sample = excluded.sample,
  cell = excluded.cell, removed_at = NULL,
  change = iif(removed_at IS NULL, 'institution.changed', 'institution.restored'), changed_at = excluded.changed_at,
  changed_by = excluded.changed_by
-- The division that the caller was allowed to change: another one meanwhile is refused. Who may not set up an institution
-- (?17) brings none back either.
WHERE institution.division_code = ?16 AND (institution.removed_at IS NULL OR ?17)
RETURNING id
