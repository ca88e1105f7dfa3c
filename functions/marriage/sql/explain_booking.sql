SELECT
  o.timetable, o.services,
  s.release_at, s.capacity, s.booked, s.booked + (
    SELECT count(*) FROM hold AS h
    WHERE h.office_id = ?1 AND h.service = ?2 AND h.start = ?3 AND h.expires_at > ?5) + (
    SELECT count(*) FROM waitlist AS w
    WHERE w.office_id = ?1 AND w.service = ?2 AND w.status = 'waiting' AND w.from_at <= ?3 AND ?3 < w.to_at) AS taken,
  (SELECT max(p.reference IS NOT NULL) FROM party AS p
   WHERE p.active = 1 AND p.service = ?2 AND p.ends_at > ?5 AND p.reference <> ?8
     AND p.person IN (SELECT value FROM json_each(?4))) AS already_booked,
  (SELECT max(last.no_show_at) + ?7 FROM party AS last
   WHERE last.no_show_at > ?5 - ?7 AND last.person IN (SELECT value FROM json_each(?4))
     AND (SELECT count(*) FROM party AS first
          WHERE first.person = last.person AND first.reference <> last.reference
            AND first.no_show_at BETWEEN last.no_show_at - ?6 AND last.no_show_at) >= ?10 - 1) AS suspended_until,
  (SELECT h.expires_at > ?5 FROM hold AS h
   WHERE h.id = ?9 AND h.office_id = ?1 AND h.service = ?2 AND h.start = ?3) AS hold_is_live
FROM office AS o LEFT JOIN slot AS s ON s.office_id = o.id AND s.service = ?2 AND s.start = ?3
WHERE o.id = ?1
