SELECT card FROM institution_card
WHERE removed_at IS NULL AND no IN (
  SELECT no FROM institution
  WHERE removed_at IS NULL AND id > ?1 AND substr(division_code, 1, length(?2)) = ?2
    AND substr(division_code, 1, length(?3)) = ?3
  ORDER BY id LIMIT ?4)
ORDER BY card ->> 'id'
