-- Of each preference: whether there is such an institution and room, and what care levels it serves; and whether the person
-- waits or has a bed already.
SELECT EXISTS (SELECT 1 FROM application
               WHERE person = ?1 AND status IN ('waiting', 'offered', 'accepted', 'admitted')) AS is_waiting,
       (SELECT json_group_array(json_array(i.id IS NOT NULL, r.care_levels))
        FROM (SELECT value FROM json_each(?2) ORDER BY key) AS p
        LEFT JOIN institution AS i ON i.id = p.value ->> 'institution' AND i.removed_at IS NULL
        LEFT JOIN room AS r ON r.institution = i.id AND r.room_type = p.value ->> 'room_type') AS rooms
