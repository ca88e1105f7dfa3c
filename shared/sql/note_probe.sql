INSERT INTO probe (kind, caller, at) VALUES (?1, ?2, ?3)
