INSERT INTO hold (id, office_id, service, start, expires_at, created_at)
SELECT ?1, s.office_id, s.service, s.start, min(?5 + ?6, s.start), ?5
FROM slot AS s
WHERE s.office_id = ?2 AND s.service = ?3 AND s.start = ?4 AND s.start > ?5 AND s.release_at <= ?5
  AND s.capacity > s.booked + (
    SELECT count(*) FROM hold AS h
    WHERE h.office_id = s.office_id AND h.service = s.service AND h.start = s.start AND h.expires_at > ?5) + (
    SELECT count(*) FROM waitlist AS w
    WHERE w.office_id = s.office_id AND w.service = s.service AND w.status = 'waiting'
      AND w.from_at <= s.start AND s.start < w.to_at)
ON CONFLICT (id) DO NOTHING
RETURNING expires_at
