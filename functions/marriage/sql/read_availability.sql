SELECT o.services, o.timetable,
       (SELECT json_group_array(json_array(e.day, json(e.body))) FROM schedule_exception AS e
        WHERE e.office_id = o.id AND e.day BETWEEN ?3 AND ?4) AS exceptions,
       (SELECT json_group_array(json_array(s.start, s.end_at, s.release_at, s.capacity, s.booked + (
                 SELECT count(*) FROM hold AS h
                 WHERE h.office_id = s.office_id AND h.service = s.service AND h.start = s.start
                   AND h.expires_at > ?7) + (
                 SELECT count(*) FROM waitlist AS w
                 WHERE w.office_id = s.office_id AND w.service = s.service AND w.status = 'waiting'
                   AND w.from_at <= s.start AND s.start < w.to_at)))
        FROM (SELECT * FROM slot
              WHERE office_id = o.id AND service = ?2 AND start >= ?5 AND start < ?6 AND capacity > 0
              ORDER BY start) AS s) AS slots
FROM office AS o WHERE o.id = ?1
