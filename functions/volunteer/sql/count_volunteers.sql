-- By district of the volunteers: how many are registered, and how many of them served from ?1 to before ?2.
SELECT substr(v.division_code, 1, 6) AS district, count(*) AS registered,
       sum(EXISTS (SELECT 1 FROM record AS r
                   WHERE r.volunteer = v.no AND r.counted > 0 AND r.starts_at >= ?1 AND r.starts_at < ?2)) AS active
FROM volunteer AS v WHERE v.status = 'active'
GROUP BY district ORDER BY district
