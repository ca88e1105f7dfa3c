INSERT INTO institution_import_part (import, no, at, rows) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO NOTHING
