-- Of these ids: how many there are already in the area (?2: how its codes begin), how many of those were removed, and which
-- ones lie outside it.
SELECT count(*) FILTER (WHERE is_inside) AS updated, count(removed_at) FILTER (WHERE is_inside) AS restored,
       json_group_array(id) FILTER (WHERE NOT is_inside) AS outside
FROM (SELECT p.id, p.removed_at, substr(p.division_code, 1, length(?2)) = ?2 AS is_inside
      FROM json_each(?1) AS i JOIN point AS p ON p.id = i.value)
