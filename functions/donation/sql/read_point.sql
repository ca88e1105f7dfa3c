SELECT card AS point FROM point_card WHERE no = (SELECT no FROM point WHERE id = ?1)
