SELECT id, reference, kind FROM pledge_step WHERE id = ?1
