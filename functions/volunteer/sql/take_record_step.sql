-- One step of an entry, decided after its step ?3. Nothing counts (?9) where the place in the shift is gone, and nobody who
-- withdrew disputes: what they wrote would outlive them.
INSERT INTO record_step (id, record, step, kind, status, at, by, minutes, counted, checked_out_at, reason, claimed, note)
SELECT ?1, r.id, r.step + 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
FROM record AS r WHERE r.id = ?2 AND r.step = ?3
  AND (?9 = 0 OR EXISTS (SELECT 1 FROM signup AS s WHERE s.id = r.signup AND s.status = 'confirmed'))
  AND (?4 <> 'disputed' OR EXISTS (SELECT 1 FROM volunteer AS v WHERE v.no = r.volunteer AND v.status = 'active'))
ON CONFLICT DO NOTHING
RETURNING id
