SELECT expires_at FROM hold WHERE id = ?1 AND waitlist IS NULL
