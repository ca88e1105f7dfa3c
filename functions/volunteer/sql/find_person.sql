SELECT EXISTS (SELECT 1 FROM volunteer WHERE person = ?1 AND status = 'active') AS is_registered
