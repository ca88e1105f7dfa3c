INSERT INTO point_import (id, at, by, rows, created, updated)
SELECT ?1, ?2, ?3, ?4, json_array_length(?5) - k.known, k.known
FROM (SELECT count(*) AS known,
             coalesce(sum(substr(p.division_code, 1, length(?6)) <> ?6), 0) AS outside
      FROM json_each(?5) AS i JOIN point AS p ON p.id = i.value) AS k
WHERE k.outside = 0
ON CONFLICT (id) DO NOTHING
RETURNING created, updated
