SELECT * FROM record_card
WHERE no = (SELECT r.no FROM record AS r JOIN signup AS s ON s.id = r.signup
            WHERE r.shift = ?1 AND r.volunteer = ?2 ORDER BY r.no DESC LIMIT 1)
