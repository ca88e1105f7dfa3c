-- One step of an entry, decided after its step ?3.
INSERT INTO record_step (id, record, step, kind, status, at, by, minutes, counted, checked_out_at, reason, claimed, note)
SELECT ?1, r.id, r.step + 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
FROM record AS r WHERE r.id = ?2 AND r.step = ?3
ON CONFLICT DO NOTHING
RETURNING id
