SELECT * FROM record_card WHERE no = (SELECT no FROM record WHERE id = ?1)
