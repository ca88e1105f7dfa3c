-- Of the oldest openings those that no subscription can want any more.
DELETE FROM opening WHERE no IN (
  SELECT o.no FROM (SELECT * FROM opening ORDER BY no LIMIT 2000) AS o
  LEFT JOIN institution AS i ON i.id = o.institution
  WHERE NOT EXISTS (
    SELECT 1 FROM subscription AS s
    WHERE s.ended_at IS NULL
      AND s.stem IN ('', substr(i.division_code, 1, 2), substr(i.division_code, 1, 6), substr(i.division_code, 1, 9),
                     i.division_code)
      AND s.no > o.told AND s.expires_at > ?1 AND (s.room_type IS NULL OR s.room_type = o.room_type)
      AND s.min_available <= o.available
      AND o.available > iif(o.confirmed_before < o.at - ?2, 0, o.before)))
