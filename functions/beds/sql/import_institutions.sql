-- Takes in the ?4 rows of a file that were staged, if none of them is outside the area (?5: how its codes begin) and none
-- takes a room away that somebody has or waits for.
INSERT INTO institution_import (id, at, by, created, updated, restored)
SELECT ?1, ?2, ?3, k.staged - k.known, k.known, k.removed
FROM (SELECT count(*) AS staged, count(i.id) AS known, count(i.removed_at) AS removed,
             coalesce(sum(substr(i.division_code, 1, length(?5)) <> ?5), 0) AS outside,
             coalesce(sum(EXISTS (
               SELECT 1 FROM room_use AS u
               WHERE u.institution = i.id AND u.is_used
                 AND u.room_type NOT IN (SELECT n.value ->> 'room_type' FROM json_each(r.value ->> 10) AS n))), 0) AS in_use
      FROM institution_import_part AS s, json_each(s.rows) AS r
      LEFT JOIN institution AS i ON i.id = r.value ->> 0
      WHERE s.import = ?1) AS k
WHERE k.staged = ?4 AND k.outside = 0 AND k.in_use = 0
ON CONFLICT (id) DO NOTHING
RETURNING created, updated, restored
