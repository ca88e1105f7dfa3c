SELECT district, care_level, sum(searches) AS searches, sum(without_vacancy) AS without_vacancy
FROM demand WHERE day BETWEEN ?1 AND ?2
GROUP BY district, care_level ORDER BY district, care_level
