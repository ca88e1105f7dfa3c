SELECT o.id AS office_id, o.name AS office_name, o.division_code, s.service,
       sum(s.capacity) AS capacity, sum(s.booked) AS booked,
       (SELECT json_group_object(t.status, t.n) FROM (
          SELECT a.status, count(*) AS n FROM appointment AS a
          WHERE a.office_id = o.id AND a.service = s.service AND a.start >= ?1 AND a.start < ?2
          GROUP BY a.status) AS t) AS by_status
FROM slot AS s JOIN office AS o ON o.id = s.office_id
WHERE s.start >= ?1 AND s.start < ?2 AND (?3 IS NULL OR substr(o.division_code, 1, length(?3)) = ?3)
GROUP BY o.id, s.service ORDER BY o.division_code, o.id, s.service
