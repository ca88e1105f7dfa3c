SELECT a.reference, a.service, a.start, a.persons
FROM appointment AS a
JOIN slot AS s ON s.office_id = a.office_id AND s.service = a.service AND s.start = a.start
WHERE a.office_id = ?1 AND a.start >= ?2 AND a.start < ?3 AND a.status = 'confirmed' AND s.booked > s.capacity
  AND (SELECT count(*) FROM appointment AS later
       WHERE later.office_id = a.office_id AND later.service = a.service AND later.start = a.start
         AND later.status = 'confirmed'
         AND (later.created_at, later.reference) > (a.created_at, a.reference)) < s.booked - s.capacity
ORDER BY a.created_at, a.reference LIMIT ?4
