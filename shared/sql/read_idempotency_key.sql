SELECT request, status, answer FROM idempotency WHERE key = ?1
