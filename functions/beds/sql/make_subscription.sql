-- Unless the telephone number has as many as it may (?11).
INSERT INTO subscription (id, token_hash, filters, contact, phone, min_available, room_type, stem, created_at, expires_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
WHERE (SELECT count(*) FROM subscription WHERE phone = ?5 AND ended_at IS NULL AND expires_at > ?9) < ?11
ON CONFLICT DO NOTHING
RETURNING id
