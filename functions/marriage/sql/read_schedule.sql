SELECT o.services, o.timetable, o.schedule_version, o.slots_until,
       (SELECT json_group_array(json_array(e.day, json(e.body))) FROM schedule_exception AS e
        WHERE e.office_id = o.id AND e.day BETWEEN ?2 AND ?3) AS exceptions
FROM office AS o WHERE o.id = ?1
