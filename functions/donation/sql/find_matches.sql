-- Points whose words match ?1, in a division (?2: how its codes begin) and a box, and the cells they lie in.
SELECT json_group_array(id) AS ids, json_group_array(DISTINCT cell) AS cells FROM (
  SELECT p.cell, p.id FROM point_text AS t JOIN point AS p ON p.no = t.rowid
  WHERE t.words MATCH ?1 AND p.removed_at IS NULL AND substr(p.division_code, 1, length(?2)) = ?2
    AND p.lat BETWEEN ?3 AND ?4 AND p.lon BETWEEN ?5 AND ?6)
