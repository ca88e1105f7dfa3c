-- Refused where it isn't the version that the caller saw, or where the beds kept for offers and the people placed here do
-- not fit.
UPDATE room SET
  maximum = ?4, occupied = ?5, available = ?4 - ?5 - reserved, version = version + 1,
  updated_at = iif(maximum = ?4 AND occupied = ?5, updated_at, ?6), confirmed_at = ?6, confirmed_by = ?7
WHERE institution = ?1 AND room_type = ?2 AND version = ?3 AND ?5 + reserved <= ?4 AND placed <= ?5
RETURNING maximum, occupied, reserved, available, version, confirmed_at, updated_at
