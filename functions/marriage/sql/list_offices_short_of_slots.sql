SELECT id FROM office
WHERE timetable IS NOT NULL AND slots_until < date(?1, '+' || ((timetable ->> 'release_days') + 1) || ' days')
