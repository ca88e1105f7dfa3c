SELECT created, updated, restored FROM point_import WHERE id = ?1
