SELECT * FROM signup_card WHERE no = (SELECT no FROM signup WHERE id = ?1)
