INSERT INTO hold (id, office_id, service, start, expires_at, created_at, waitlist)
SELECT 'offer:' || w.reference, s.office_id, s.service, s.start, min(?3 + w.offer_seconds, s.start), ?3, w.reference
FROM waitlist AS w
JOIN slot AS s ON s.office_id = w.office_id AND s.service = w.service
              AND s.start >= w.from_at AND s.start < w.to_at AND s.start > ?3
WHERE w.office_id = ?1 AND w.service = ?2 AND w.status = 'waiting' AND s.release_at <= ?3
  AND s.capacity > s.booked + (
    SELECT count(*) FROM hold AS h
    WHERE h.office_id = s.office_id AND h.service = s.service AND h.start = s.start AND h.expires_at > ?3)
ORDER BY w.id, s.start LIMIT 1
ON CONFLICT (id) DO NOTHING
RETURNING waitlist
