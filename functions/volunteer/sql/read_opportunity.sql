SELECT card FROM opportunity_card WHERE no = (SELECT no FROM opportunity WHERE id = ?1)
