-- By district and field of the service: minutes that count from ?1 to before ?2, of those months in which at least ?3 people
-- served them, and how many people served at all. So the difference of two stretches tells no month that few people had.
SELECT m.district, m.field, sum(m.minutes) FILTER (WHERE m.volunteers >= ?3) AS minutes,
       (SELECT count(DISTINCT volunteer) FROM record AS r
        WHERE r.counted > 0 AND r.starts_at >= ?1 AND r.starts_at < ?2
          AND substr(r.division_code, 1, 6) = m.district AND r.field = m.field) AS volunteers
FROM (SELECT substr(division_code, 1, 6) AS district, field, strftime('%Y-%m', starts_at, 'unixepoch', '+8 hours') AS month,
             sum(counted) AS minutes, count(DISTINCT volunteer) AS volunteers
      FROM record WHERE counted > 0 AND starts_at >= ?1 AND starts_at < ?2
      GROUP BY district, field, month) AS m
GROUP BY m.district, m.field ORDER BY m.district, m.field
