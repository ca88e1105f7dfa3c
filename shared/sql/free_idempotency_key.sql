DELETE FROM idempotency WHERE key = ?1 AND holder = ?2 AND answer IS NULL
