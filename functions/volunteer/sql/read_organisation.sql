SELECT id, name, division_code, phone, about, sample FROM organisation WHERE id = ?1
