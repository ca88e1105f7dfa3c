SELECT district, kind, item, sum(quantity) AS quantity FROM tally
WHERE day BETWEEN ?1 AND ?2 AND substr(district, 1, length(?3)) = ?3 AND substr(district, 1, length(?4)) = ?4
GROUP BY district, kind, item ORDER BY district, item, kind
