SELECT card FROM institution_card WHERE no = (SELECT no FROM institution WHERE id = ?1)
