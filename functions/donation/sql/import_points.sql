-- Takes in the ?4 rows of a file that were staged, if none of them is a point outside the area (?5: how its codes begin).
INSERT INTO point_import (id, at, by, created, updated, restored)
SELECT ?1, ?2, ?3, k.staged - k.known, k.known, k.removed
FROM (SELECT count(*) AS staged, count(p.id) AS known, count(p.removed_at) AS removed,
             coalesce(sum(substr(p.division_code, 1, length(?5)) <> ?5), 0) AS outside
      FROM point_import_part AS s, json_each(s.rows) AS r LEFT JOIN point AS p ON p.id = r.value ->> 0
      WHERE s.import = ?1) AS k
WHERE k.staged = ?4 AND k.outside = 0
ON CONFLICT (id) DO NOTHING
RETURNING created, updated, restored
