-- Of a point that has moved, only the gifts of the area (?3: how its codes begin).
SELECT * FROM pledge_card
WHERE point_id = ?1 AND status = coalesce(?2, status) AND substr(division_code, 1, length(?3)) = ?3 AND no > ?4
ORDER BY no LIMIT ?5
