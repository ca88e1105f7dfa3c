INSERT INTO appointment
  (reference, token_hash, status, office_id, service, start, end_at, with_ceremony, parties, persons, hold_id,
   created_at, changed_at, changed_by)
SELECT ?1, ?2, 'confirmed', s.office_id, s.service, s.start, s.end_at, ?6, ?7, ?8, ?9, ?10, ?10, ?11
FROM slot AS s
WHERE s.office_id = ?3 AND s.service = ?4 AND s.start = ?5 AND s.start > ?10 AND s.release_at <= ?10
  AND CASE WHEN ?9 IS NULL
    THEN s.capacity > s.booked + (
      SELECT count(*) FROM hold AS h
      WHERE h.office_id = s.office_id AND h.service = s.service AND h.start = s.start AND h.expires_at > ?10) + (
      SELECT count(*) FROM waitlist AS w
      WHERE w.office_id = s.office_id AND w.service = s.service AND w.status = 'waiting'
        AND w.from_at <= s.start AND s.start < w.to_at)
    ELSE s.capacity > s.booked AND EXISTS (
      SELECT 1 FROM hold AS h
      WHERE h.id = ?9 AND h.office_id = s.office_id AND h.service = s.service AND h.start = s.start
        AND h.expires_at > ?10)
    END
  AND NOT EXISTS (
    SELECT 1 FROM party AS p
    WHERE p.active = 1 AND p.service = s.service AND p.ends_at > ?10
      AND p.person IN (SELECT value FROM json_each(?8)))
  AND NOT EXISTS (
    SELECT 1 FROM party AS last JOIN party AS first
      ON first.person = last.person AND first.no_show_at IS NOT NULL AND first.reference <> last.reference
     AND first.no_show_at BETWEEN last.no_show_at - ?12 AND last.no_show_at
    WHERE last.no_show_at > ?10 - ?13 AND last.person IN (SELECT value FROM json_each(?8))
    GROUP BY last.reference, last.person HAVING count(*) >= ?14 - 1)
ON CONFLICT (reference) DO NOTHING
RETURNING end_at,
  (SELECT o.card FROM office_card AS o WHERE o.id = office_id) AS office
