SELECT * FROM record_card
WHERE no IN (SELECT no FROM record WHERE volunteer = ?1 AND (?2 = 0 OR no < ?2) ORDER BY no DESC LIMIT ?3)
ORDER BY no DESC
