SELECT card AS point FROM point AS p JOIN point_card AS c ON c.no = p.no
WHERE p.removed_at IS NULL AND p.id > ?1 AND substr(p.division_code, 1, length(?2)) = ?2
  AND substr(p.division_code, 1, length(?3)) = ?3
ORDER BY p.id LIMIT ?4
