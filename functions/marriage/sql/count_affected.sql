SELECT coalesce(sum(max(booked - capacity, 0)), 0) AS affected
FROM slot WHERE office_id = ?1 AND start >= ?2 AND start < ?3
