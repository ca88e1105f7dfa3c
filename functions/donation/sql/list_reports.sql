SELECT r.no, r.id, r.kind, r.note, r.created_at, r.outcome, r.answer, r.settled_at, r.settled_by,
       p.id AS point_id, p.name AS point_name, p.division_code
FROM report AS r JOIN point AS p ON p.id = r.point_id
WHERE r.no > ?1 AND substr(p.division_code, 1, length(?2)) = ?2 AND substr(p.division_code, 1, length(?3)) = ?3
  AND (?4 IS NULL OR (r.outcome IS NULL) = (?4 = 'open')) AND (?5 IS NULL OR r.id = ?5)
ORDER BY r.no LIMIT ?6
