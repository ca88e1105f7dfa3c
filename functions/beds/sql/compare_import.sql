-- Of the institutions in a file, [[id, [room types]], …]: how many there are already, how many of those had been removed,
-- which lie outside the area, and which would lose a room that somebody has or waits for.
WITH named AS (SELECT n.value ->> 0 AS id, n.value -> 1 AS kept FROM json_each(?1) AS n)
SELECT count(*) AS known, count(i.removed_at) AS removed,
       json_group_array(i.id) FILTER (WHERE substr(i.division_code, 1, length(?2)) <> ?2) AS outside,
       json_group_array(i.id) FILTER (WHERE EXISTS (
         SELECT 1 FROM room_use AS u
         WHERE u.institution = i.id AND u.is_used AND u.room_type NOT IN (SELECT value FROM json_each(n.kept)))) AS in_use
FROM named AS n JOIN institution AS i ON i.id = n.id
