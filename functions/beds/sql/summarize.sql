-- By district; rooms whose counts were confirmed before ?1 are stale, and their vacancies don't count.
SELECT substr(i.division_code, 1, 6) AS district, count(DISTINCT i.id) AS institutions,
       coalesce(sum(r.maximum), 0) AS maximum, coalesce(sum(r.occupied), 0) AS occupied,
       coalesce(sum(r.reserved), 0) AS reserved,
       coalesce(sum(iif(r.confirmed_at < ?1, 0, r.available)), 0) AS available,
       count(DISTINCT iif(r.confirmed_at < ?1, i.id, NULL)) AS stale, min(r.confirmed_at) AS confirmed_at
FROM institution AS i LEFT JOIN room AS r ON r.institution = i.id
WHERE i.removed_at IS NULL AND substr(i.division_code, 1, length(?2)) = ?2
GROUP BY 1 ORDER BY 1
