INSERT INTO subscription (id, token_hash, filters, contact, min_available, room_type, stem, created_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT DO NOTHING
RETURNING id
