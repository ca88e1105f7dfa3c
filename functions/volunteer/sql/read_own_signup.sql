-- The one that holds, or the last that did.
SELECT * FROM signup_card
WHERE no = (SELECT no FROM signup WHERE shift = ?1 AND volunteer = ?2
            ORDER BY status IN ('confirmed', 'waitlisted') DESC, no DESC LIMIT 1)
