-- Points of the cells from ?2 to before ?3 whose words match ?1. The cross join keeps SQLite to this order.
SELECT json_group_array(json_array(p.cell, p.id)) AS matches
FROM point AS p CROSS JOIN point_text AS t
WHERE p.removed_at IS NULL AND p.cell >= ?2 AND p.cell < ?3 AND t.rowid = p.no AND t.words MATCH ?1
