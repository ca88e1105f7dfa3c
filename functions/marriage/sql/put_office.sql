INSERT INTO office (id, name, division_code, address, phone, lat, lon, services, sample, changed_at, changed_by)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
ON CONFLICT (id) DO UPDATE SET
  name = excluded.name, division_code = excluded.division_code, address = excluded.address, phone = excluded.phone,
  lat = excluded.lat, lon = excluded.lon, services = excluded.services, sample = excluded.sample,
  changed_at = excluded.changed_at, changed_by = excluded.changed_by
RETURNING id
