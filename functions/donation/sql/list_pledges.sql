SELECT g.no, g.reference FROM pledge AS g
WHERE g.point_id = ?1 AND g.status = coalesce(?2, g.status) AND g.no > ?3
ORDER BY g.no LIMIT ?4
