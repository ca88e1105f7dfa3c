-- Of these ids: how many there are already, and which of those lie outside the area.
SELECT count(*) AS known,
       json_group_array(p.id) FILTER (WHERE substr(p.division_code, 1, length(?2)) <> ?2) AS outside
FROM json_each(?1) AS i JOIN point AS p ON p.id = i.value
