SELECT created, updated, restored FROM institution_import WHERE id = ?1
