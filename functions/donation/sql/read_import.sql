SELECT created, updated FROM point_import WHERE id = ?1
