SELECT id FROM application_step WHERE id = ?1
