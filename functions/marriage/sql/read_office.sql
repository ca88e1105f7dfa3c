SELECT card AS office FROM office_card WHERE id = ?1
