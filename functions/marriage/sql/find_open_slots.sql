WITH open_slot AS (
  SELECT s.office_id, o.name AS office_name, o.division_code, s.start, s.end_at, s.capacity - s.booked - (
           SELECT count(*) FROM hold AS h
           WHERE h.office_id = s.office_id AND h.service = s.service AND h.start = s.start
             AND h.expires_at > ?4) - (
           SELECT count(*) FROM waitlist AS w
           WHERE w.office_id = s.office_id AND w.service = s.service AND w.status = 'waiting'
             AND w.from_at <= s.start AND s.start < w.to_at) AS remaining
  FROM slot AS s JOIN office AS o ON o.id = s.office_id
  WHERE s.service = ?1 AND s.start >= ?2 AND s.start < ?3 AND s.booked < s.capacity AND s.release_at <= ?4
    AND (?5 IS NULL OR substr(o.division_code, 1, length(?5)) = ?5)
    AND (?9 IS NULL OR s.office_id = ?9)
    AND (s.start, s.office_id) > (?6, ?7)
  ORDER BY s.start, s.office_id
)
SELECT office_id, office_name, start, end_at, remaining FROM open_slot WHERE remaining > 0 LIMIT ?8
