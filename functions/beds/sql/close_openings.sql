DELETE FROM opening WHERE no <= ?1
