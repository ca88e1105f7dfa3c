SELECT * FROM pledge_card WHERE point_id = ?1 AND status = coalesce(?2, status) AND no > ?3
ORDER BY no LIMIT ?4
