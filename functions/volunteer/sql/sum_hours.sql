-- By district and field of the service: minutes that count from ?1 to before ?2, and how many people served them.
SELECT substr(division_code, 1, 6) AS district, field, sum(counted) AS minutes, count(DISTINCT volunteer) AS volunteers
FROM record WHERE counted > 0 AND starts_at >= ?1 AND starts_at < ?2
GROUP BY district, field ORDER BY district, field
