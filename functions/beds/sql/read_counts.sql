SELECT r.maximum, r.occupied, r.reserved, r.available, r.placed, r.version, r.confirmed_at, r.updated_at, i.division_code
FROM room AS r JOIN institution AS i ON i.id = r.institution
WHERE r.institution = ?1 AND r.room_type = ?2 AND i.removed_at IS NULL
