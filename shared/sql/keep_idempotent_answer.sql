UPDATE idempotency SET status = ?3, answer = ?4 WHERE key = ?1 AND holder = ?2
