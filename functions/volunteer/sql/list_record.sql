SELECT * FROM record_card
WHERE no IN (SELECT no FROM record
             WHERE organisation = ?1 AND (?2 = '' OR status = ?2) AND (?3 = '' OR shift = ?3) AND no > ?4
             ORDER BY no LIMIT ?5)
ORDER BY no
