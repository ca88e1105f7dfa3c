-- What it was told stays for a count; who it was does not.
UPDATE subscription SET ended_at = ?2, contact = x'' WHERE id = ?1 AND ended_at IS NULL
RETURNING id
