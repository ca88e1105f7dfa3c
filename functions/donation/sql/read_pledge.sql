SELECT * FROM pledge_card WHERE reference = ?1
