-- Once for each opening and subscription: [[opening, subscription], …].
INSERT INTO alert (opening, subscription, institution, room_type, available, at)
SELECT o.no, m.value ->> 1, o.institution, o.room_type, o.available, o.at
FROM json_each(?1) AS m JOIN opening AS o ON o.no = m.value ->> 0
JOIN subscription AS s ON s.id = m.value ->> 1
WHERE s.ended_at IS NULL
ON CONFLICT DO NOTHING
RETURNING subscription
