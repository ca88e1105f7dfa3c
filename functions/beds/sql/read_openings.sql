SELECT o.no, o.institution, o.room_type, o.before, o.confirmed_before, o.available, o.at, c.card
FROM opening AS o JOIN institution AS i ON i.id = o.institution JOIN institution_card AS c ON c.no = i.no
ORDER BY o.no LIMIT 50
