INSERT INTO idempotency AS held (key, request, seed, holder, lease_until, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5 + ?6, ?5 + ?7)
ON CONFLICT (key) DO UPDATE SET
  seed = CASE WHEN held.expires_at <= ?5 THEN excluded.seed ELSE held.seed END,
  request = CASE WHEN held.expires_at <= ?5 THEN excluded.request ELSE held.request END,
  status = CASE WHEN held.expires_at <= ?5 THEN NULL ELSE held.status END,
  answer = CASE WHEN held.expires_at <= ?5 THEN NULL ELSE held.answer END,
  holder = excluded.holder,
  lease_until = excluded.lease_until,
  expires_at = CASE WHEN held.expires_at <= ?5 THEN excluded.expires_at ELSE held.expires_at END
WHERE held.expires_at <= ?5
   OR (held.answer IS NULL AND held.lease_until <= ?5 AND held.request = excluded.request)
RETURNING seed, seed = ?3 AS is_fresh
