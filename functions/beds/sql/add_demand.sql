INSERT INTO demand (day, district, care_level, searches, without_vacancy)
SELECT d.value ->> 0, d.value ->> 1, d.value ->> 2, d.value ->> 3, d.value ->> 4 FROM json_each(?1) AS d WHERE true
ON CONFLICT (day, district, care_level) DO UPDATE SET
  searches = searches + excluded.searches, without_vacancy = without_vacancy + excluded.without_vacancy
