SELECT id, name, division_code, phone, about, sample FROM organisation
WHERE id > ?1 AND substr(division_code, 1, length(?2)) = ?2 AND (?3 = '' OR instr(name, ?3) > 0)
ORDER BY id LIMIT ?4
