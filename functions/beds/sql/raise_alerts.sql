-- Once for each opening and subscription.
INSERT INTO alert (opening, subscription, institution, room_type, available, at)
SELECT o.no, m.value, o.institution, o.room_type, o.available, o.at
FROM opening AS o, json_each(?2) AS m WHERE o.no = ?1
ON CONFLICT DO NOTHING
RETURNING subscription
