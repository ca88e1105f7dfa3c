SELECT * FROM application_card WHERE no = (SELECT no FROM application WHERE reference = ?1)
