SELECT substr(division_code, 1, 6) AS district, care_level, count(*) AS waiting
FROM application WHERE status IN ('waiting', 'offered')
GROUP BY 1, 2 ORDER BY 1, 2
