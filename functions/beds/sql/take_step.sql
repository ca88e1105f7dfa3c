-- One step of an application, decided after its step ?3. An offer needs a free bed that serves the care level, and nobody
-- before in the queue whom it serves, unless there is a reason (?14); an offer that has run out can't be answered.
INSERT INTO application_step (id, reference, step, kind, status, at, by, offer, institution, room_type, expires_at,
                              reserved, occupied, reason, setback)
SELECT ?1, a.reference, a.step + 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15
FROM application AS a
WHERE a.reference = ?2 AND a.step = ?3
  AND (?4 NOT IN ('accepted', 'declined') OR a.expires_at > ?6)
  AND (?4 <> 'offered' OR EXISTS (
    SELECT 1 FROM preference AS p
    JOIN room AS r ON r.institution = p.institution AND r.room_type = p.room_type
    WHERE p.reference = a.reference AND p.institution = ?9 AND p.room_type = ?10
      AND r.available > 0 AND (r.care_levels >> p.care_level) & 1 = 1
      AND (?14 IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM preference AS q
        WHERE q.queued = 1 AND q.institution = p.institution AND q.room_type = p.room_type
          AND (q.rank, q.no) < (+p.rank, +p.no) AND (r.care_levels >> q.care_level) & 1 = 1))))
ON CONFLICT DO NOTHING
RETURNING id
