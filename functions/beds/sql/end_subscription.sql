-- What it was told stays for a count; whose it was and what it asked for does not.
UPDATE subscription SET ended_at = ?2, contact = x'', phone = '', filters = '{}', stem = '',
                        room_type = NULL, min_available = 1
WHERE id = ?1 AND ended_at IS NULL
RETURNING id
