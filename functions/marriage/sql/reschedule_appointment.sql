UPDATE appointment SET
  office_id = s.office_id, start = s.start, end_at = s.end_at, changed_at = ?5, changed_by = ?6
FROM slot AS s
WHERE appointment.reference = ?1 AND appointment.status = 'confirmed'
  AND appointment.office_id = ?7 AND appointment.start = ?8
  AND s.office_id = ?2 AND s.service = ?3 AND s.service = appointment.service AND s.start = ?4
  AND (s.office_id <> ?7 OR s.start <> ?8)
  AND s.start > ?5 AND s.release_at <= ?5
  AND s.capacity > s.booked + (
    SELECT count(*) FROM hold AS h
    WHERE h.office_id = s.office_id AND h.service = s.service AND h.start = s.start AND h.expires_at > ?5) + (
    SELECT count(*) FROM waitlist AS w
    WHERE w.office_id = s.office_id AND w.service = s.service AND w.status = 'waiting'
      AND w.from_at <= s.start AND s.start < w.to_at)
RETURNING end_at
