SELECT card FROM opportunity_card
WHERE no IN (SELECT no FROM opportunity WHERE organisation = ?1 AND (?2 = '' OR status = ?2) AND no > ?3 ORDER BY no LIMIT ?4)
ORDER BY no
