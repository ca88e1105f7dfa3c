DELETE FROM hold WHERE id = ?1 AND waitlist IS NULL RETURNING office_id, service, expires_at
