INSERT INTO probe (caller, at) VALUES (?1, ?2)
