-- Of the institutions in a file, [[id, [room types]], …]: which lie outside the area, which would lose a room that somebody
-- has or waits for, how many of the others there are already, and how many of these had been removed.
WITH named AS (SELECT n.value ->> 0 AS id, n.value -> 1 AS kept FROM json_each(?1) AS n),
     met AS (
       SELECT i.id, i.removed_at, substr(i.division_code, 1, length(?2)) <> ?2 AS is_outside,
              EXISTS (SELECT 1 FROM room_use AS u
                      WHERE u.institution = i.id AND u.is_used
                        AND u.room_type NOT IN (SELECT value FROM json_each(n.kept))) AS is_used
       FROM named AS n JOIN institution AS i ON i.id = n.id)
SELECT count(*) FILTER (WHERE NOT is_outside AND NOT is_used) AS known,
       count(removed_at) FILTER (WHERE NOT is_outside AND NOT is_used) AS removed,
       json_group_array(id) FILTER (WHERE is_outside) AS outside, json_group_array(id) FILTER (WHERE is_used) AS in_use
FROM met
