UPDATE idempotency SET lease_until = 0 WHERE key = ?1 AND holder = ?2 AND answer IS NULL
