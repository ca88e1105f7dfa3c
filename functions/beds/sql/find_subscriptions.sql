-- The oldest openings with the subscriptions that may want them and were not looked at. Beds whose counts were older than
-- ?2 seconds were not to be seen before.
SELECT o.no AS opening, o.institution, o.room_type, s.no, s.id, s.filters
FROM (SELECT * FROM opening ORDER BY no LIMIT 50) AS o
CROSS JOIN institution AS i ON i.id = o.institution
CROSS JOIN subscription AS s
  ON s.ended_at IS NULL
 AND s.stem IN ('', substr(i.division_code, 1, 2), substr(i.division_code, 1, 6), substr(i.division_code, 1, 9),
                i.division_code)
 AND s.no > o.told AND s.expires_at > ?1 AND (s.room_type IS NULL OR s.room_type = o.room_type)
 AND s.min_available <= o.available
WHERE o.available > iif(o.confirmed_before < o.at - ?2, 0, o.before)
ORDER BY o.no, s.no LIMIT 1000
